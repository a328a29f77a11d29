package dev.cairn.worker;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.cairn.names.SettingNames;
import dev.cairn.storage.OwnerOnly;
import dev.cairn.worker.status.StopWorkerException;

/** Whether local databases can live where the settings say: found out at start, not by a partition that never restores. */
final class LocalRoots {

    private LocalRoots() {}

    /**
     * Creates those that are missing.
     *
     * @throws StopWorkerException with every one that cannot be used
     */
    static void check(List<Path> roots) {
        List<String> problems = new ArrayList<>();
        for (Path root : roots) {
            Path absolute = root.toAbsolutePath().normalize();
            try {
                Files.createDirectories(absolute, OwnerOnly.directory());
                if (!Files.isWritable(absolute)) {
                    problems.add(absolute + ": permission denied");
                }
            } catch (FileAlreadyExistsException e) {
                problems.add(e.getFile() + ": it is a file, not a directory");
            } catch (AccessDeniedException e) {
                problems.add(e.getFile() + ": permission denied");
            } catch (IOException e) {
                problems.add(absolute + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new StopWorkerException(SettingNames.LOCAL_ROOT_DIRS + ": cannot keep local databases in "
                    + String.join(", nor in ", problems)
                    + ". Name directories that this process can create and write to");
        }
    }
}
