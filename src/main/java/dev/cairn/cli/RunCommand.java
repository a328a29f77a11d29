package dev.cairn.cli;

import io.quarkus.runtime.Quarkus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.cairn.names.SettingNames;

/**
 * The worker. It is what the application does: the only command that starts Quarkus, and with it the worker, an HTTP port
 * and clients of Kafka.
 */
@Command(name = "run", description = "Run the worker; the default, when no command is given.")
final class RunCommand implements Runnable {

    @Option(
            names = {"-s", "--from"},
            paramLabel = "<path>",
            description =
                    "Start from here, once: a savepoint, a job's directory, or a checkpoint's directory or _metadata."
                            + " The same as the setting " + SettingNames.RECOVERY_PATH + ".")
    private String from;

    @Option(
            names = "--again",
            paramLabel = "<text>",
            description =
                    "Start from there once more, although the job has been: any text that was not used before. The same"
                            + " as the setting " + SettingNames.RECOVERY_AGAIN + ".")
    private String again;

    @Option(
            names = "--claim-mode",
            paramLabel = "NO_CLAIM|CLAIM",
            description = "Whose that is afterwards. The same as the setting " + SettingNames.CLAIM_MODE + ".")
    private String claimMode;

    @Option(
            names = {"-n", "--ignore-unclaimed-state"},
            description = "Start although the processor does not declare all of its state. The same as the setting"
                    + " " + SettingNames.IGNORE_UNCLAIMED_STATE + ".")
    private boolean ignoreUnclaimedState;

    @Override
    public void run() {
        set(SettingNames.RECOVERY_PATH, from);
        set(SettingNames.RECOVERY_AGAIN, again);
        set(SettingNames.CLAIM_MODE, claimMode);
        set(SettingNames.IGNORE_UNCLAIMED_STATE, ignoreUnclaimedState ? "true" : null);
        runWorker();
    }

    private static void set(String setting, String value) {
        if (value != null) {
            System.setProperty(setting, value);
        }
    }

    /** Returns, or ends the process, when the worker has ended. */
    static void runWorker() {
        // Quarkus would answer 400 without a word to what is no URI; the REST interface says why.
        System.setProperty("vertx.disableURIValidation", "true");
        WarmUp.start();
        Quarkus.run();
    }
}
