package dev.cairn.testkit.store;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

import dev.cairn.testkit.ChildProcess;
import dev.cairn.testkit.Ports;

/**
 * Ceph's gateway for S3 ({@code radosgw}) with the smallest cluster there is below it: one monitor, and one store, which keeps
 * everything in its memory. All of them are processes of this one and listen on loopback only. They need the packages that
 * {@code .ci/install ceph} installs.
 */
public final class RadosGateway implements S3Service {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path directory;
    private final int monitorPort = Ports.free();
    private final int port = Ports.free();
    private final Deque<ChildProcess> processes = new ArrayDeque<>();

    private RadosGateway(Path directory) {
        this.directory = directory;
    }

    /** Starts one that has no bucket; its files are in this directory, which has to be empty. */
    public static RadosGateway start(Path directory) {
        RadosGateway gateway = new RadosGateway(directory);
        try {
            gateway.start();
            return gateway;
        } catch (IOException e) {
            gateway.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            gateway.close();
            throw e;
        }
    }

    private void start() throws IOException {
        String cluster = UUID.randomUUID().toString();
        String store = UUID.randomUUID().toString();
        configure(cluster);
        String map = directory.resolve("monmap").toString();
        run("monmaptool", "--create", "--fsid", cluster, "--addv", "a", "[v2:127.0.0.1:" + monitorPort + "]", map);
        run("ceph-mon", "--mkfs", "-i", "a", "--monmap", map);
        begin("ceph-mon", "-i", "a", "-f");
        run("ceph", "osd", "new", store);
        run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store);
        begin("ceph-osd", "-i", "0", "-f");
        await("the store of " + directory + " is up").atMost(LIMIT).until(() -> run("ceph", "osd", "stat")
                .contains("1 up"));
        run(
                "radosgw-admin",
                "user",
                "create",
                "--uid",
                ACCESS_KEY,
                "--display-name",
                ACCESS_KEY,
                "--access-key",
                ACCESS_KEY,
                "--secret-key",
                SECRET_KEY);
        begin("radosgw", "-n", "client.rgw", "-f");
        await("the gateway answers at " + endpoint()).atMost(LIMIT).until(this::answers);
    }

    private void configure(String cluster) throws IOException {
        for (String each : List.of("mon", "osd", "rgw", "run", "crash")) {
            Files.createDirectories(directory.resolve(each));
        }
        Files.writeString(configuration(), """
                [global]
                fsid = %1$s
                auth_cluster_required = none
                auth_service_required = none
                auth_client_required = none
                ms_mon_client_mode = crc
                ms_mon_service_mode = crc
                mon_host = v2:127.0.0.1:%2$s
                public_addr = 127.0.0.1
                cluster_addr = 127.0.0.1
                mon_data = %3$s/mon
                mon_data_avail_crit = 1
                mon_allow_pool_size_one = true
                mon_max_pg_per_osd = 1000
                mon_cluster_log_file = %3$s/cluster.log
                osd_data = %3$s/osd
                osd_objectstore = memstore
                memstore_device_bytes = 4294967296
                osd_crush_chooseleaf_type = 0
                osd_pool_default_size = 1
                osd_pool_default_min_size = 1
                osd_pool_default_pg_num = 4
                osd_pool_default_pgp_num = 4
                rgw_data = %3$s/rgw
                rgw_frontends = beast endpoint=127.0.0.1:%4$s
                run_dir = %3$s/run
                crash_dir = %3$s/crash
                log_file = %3$s/$name.log
                admin_socket =
                pid_file =
                """.formatted(
                        cluster, Integer.toString(monitorPort), directory, Integer.toString(port)));
    }

    private Path configuration() {
        return directory.resolve("ceph.conf");
    }

    private void begin(String program, String... arguments) {
        processes.push(start(program, arguments));
    }

    /** Runs it to its end. @return what it prints */
    private String run(String program, String... arguments) {
        try (ChildProcess process = start(program, arguments)) {
            int code = process.awaitExit(LIMIT);
            String output = String.join("\n", process.output().lines());
            if (code != 0) {
                throw new IllegalStateException(program + " ends with " + code + ": " + output);
            }
            return output;
        }
    }

    private ChildProcess start(String program, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(program, "-c", configuration().toString()));
        command.addAll(List.of(arguments));
        try {
            return ChildProcess.start(
                    program,
                    command,
                    UnaryOperator.identity(),
                    directory,
                    directory.resolve(program + ".out"),
                    line -> {});
        } catch (UncheckedIOException e) {
            throw new IllegalStateException(program + " does not start; .ci/install ceph installs it", e);
        }
    }

    private boolean answers() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) endpoint().toURL().openConnection();
            connection.setConnectTimeout((int) LIMIT.toMillis());
            connection.setReadTimeout((int) LIMIT.toMillis());
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Ends all of it, from the top. */
    @Override
    public void close() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }
}
