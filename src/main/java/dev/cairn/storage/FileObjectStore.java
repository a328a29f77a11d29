package dev.cairn.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Objects as files below one directory, on a disk or a shared file system.
 *
 * <p>An object is written to a temporary file, synced, and then appears under its key by a hard link. Unlike a move, a link
 * never replaces what is there, on any file system and between any number of processes; this makes {@link #create} atomic.
 * The directories that lead to the object are synced before a call returns.
 *
 * <p>Where the directory that was opened is gone, calls fail instead of finding nothing: a lost mount must not look like a
 * new job.
 *
 * @param landmark a directory that is there as long as the root is the one that was opened
 */
record FileObjectStore(Path root, TemporaryFiles temporary, Path landmark, StoreOptions options)
        implements ObjectStore {

    // Each failed attempt means that someone deleted the last object of the same directory in between.
    private static final int MAX_LINK_ATTEMPTS = 100;

    /** Opens the store in a directory, which is created where it is missing. */
    static FileObjectStore open(Path directory, StoreOptions options) {
        Path absolute = directory.toAbsolutePath();
        try {
            Path before = DurableFiles.createDirectories(absolute, absolute.getRoot());
            DurableFiles.sync(absolute, before);
            Path root = absolute.toRealPath();
            TemporaryFiles temporary = temporaryIn(root);
            temporary.prepare();
            return new FileObjectStore(root, temporary, temporary.directory(), options);
        } catch (IOException e) {
            throw new StorageException(
                    "cannot keep objects in " + absolute + ": " + StorageException.reason(e)
                            + "; name a directory on a disk with hard links that this process can create and write to",
                    e);
        }
    }

    private static TemporaryFiles temporaryIn(Path root) {
        return new TemporaryFiles(root.resolve(ObjectKeys.RESERVED));
    }

    /** Opens the store in a directory that is there, to look at; creates and writes nothing. */
    static ObjectStore openToRead(Path directory) {
        Path absolute = directory.toAbsolutePath();
        try {
            Path root = absolute.toRealPath();
            if (!Files.isDirectory(root)) {
                throw new NotDirectoryException(absolute.toString());
            }
            return new ReadOnlyObjectStore(new FileObjectStore(root, temporaryIn(root), root, StoreOptions.DEFAULT));
        } catch (NoSuchFileException e) {
            throw new StorageException("there is no directory " + absolute, e);
        } catch (IOException e) {
            throw StorageException.failed("look at the objects in " + absolute, e);
        }
    }

    @Override
    public String location() {
        return "file:" + root;
    }

    @Override
    public void put(String key, Path file) {
        putNew(
                key,
                object -> DurableFiles.copy(
                        file, object, options, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    }

    @Override
    public void put(String key, byte[] content) {
        putNew(key, object -> DurableFiles.write(object, content));
    }

    private void putNew(String key, Content content) {
        if (store(key, content) == Creation.EXISTS) {
            throw new StorageException("cannot store " + name(key) + ": it exists already");
        }
    }

    @Override
    public Creation create(String key, byte[] content) {
        return store(key, object -> DurableFiles.write(object, content));
    }

    private Creation store(String key, Content content) {
        Path object = path(key);
        Path file = temporary.next();
        try {
            content.writeTo(file);
            Creation creation = link(file, object);
            // An existing object too: anyone who is told of it may rely on it, and its writer may not be that far yet.
            DurableFiles.sync(object.getParent(), root);
            return creation;
        } catch (IOException e) {
            requirePresence();
            throw StorageException.failed("store " + name(key), e);
        } finally {
            DurableFiles.discard(file);
        }
    }

    private Creation link(Path file, Path object) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                DurableFiles.createDirectories(object.getParent(), root);
                Files.createLink(object, file);
                return Creation.CREATED;
            } catch (FileAlreadyExistsException e) {
                if (Files.isDirectory(object)) {
                    throw new FileSystemException(object.toString(), null, "it is a directory");
                }
                // A network file system may answer the repetition of a request whose first answer was lost.
                return isSame(file, object) ? Creation.CREATED : Creation.EXISTS;
            } catch (NoSuchFileException e) {
                if (attempt == MAX_LINK_ATTEMPTS || Files.notExists(file)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isSame(Path file, Path object) throws IOException {
        try {
            return Files.isSameFile(file, object);
        } catch (NoSuchFileException e) {
            // It existed a moment ago, and that is the answer.
            return false;
        }
    }

    @Override
    public byte[] read(String key) {
        try {
            return Files.readAllBytes(path(key));
        } catch (IOException e) {
            requireObject(key);
            throw StorageException.failed("read " + name(key), e);
        }
    }

    @Override
    public void download(String key, Path target, LongConsumer arrived) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            DurableFiles.copy(
                    path(key),
                    part,
                    options,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING);
            long bytes = Files.size(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            arrived.accept(bytes);
        } catch (IOException e) {
            DurableFiles.discard(part);
            requireObject(key);
            throw StorageException.failed("download " + name(key) + " to " + target, e);
        }
    }

    @Override
    public List<StoredObject> list(String directory) {
        Path start = path(directory);
        ObjectCollector collector = new ObjectCollector(root, start);
        try {
            Files.walkFileTree(start, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, collector);
        } catch (IOException e) {
            throw StorageException.failed("list " + name(directory), e);
        }
        List<StoredObject> objects = collector.objects();
        if (objects.isEmpty()) {
            requirePresence();
        }
        return objects;
    }

    @Override
    public List<String> directories(String directory) {
        Path parent = directory.isEmpty() ? root : path(directory);
        try (Stream<Path> entries = Files.list(parent)) {
            Stream<Path> directories = entries.filter(Files::isDirectory).map(Path::getFileName);
            List<String> names = ObjectKeys.namesIn(directory, directories.map(Path::toString));
            if (names.isEmpty()) {
                requirePresence();
            }
            return names;
        } catch (NoSuchFileException | NotDirectoryException e) {
            requirePresence();
            return List.of();
        } catch (UncheckedIOException e) {
            throw StorageException.failed("list the directories of " + name(directory), e.getCause());
        } catch (IOException e) {
            throw StorageException.failed("list the directories of " + name(directory), e);
        }
    }

    @Override
    public void delete(String key) {
        Path object = path(key);
        try {
            if (Files.isDirectory(object) || !Files.deleteIfExists(object)) {
                requirePresence();
            }
            DurableFiles.removeEmptyDirectories(object.getParent(), root);
        } catch (IOException e) {
            throw StorageException.failed("delete " + name(key), e);
        }
    }

    /** As one by one, but a directory that loses several is synced once. */
    @Override
    public Map<String, String> deleteAll(Collection<String> keys) {
        Map<Path, List<String>> byDirectory = new LinkedHashMap<>();
        for (String key : keys) {
            byDirectory
                    .computeIfAbsent(path(key).getParent(), any -> new ArrayList<>())
                    .add(key);
        }
        Map<String, String> left = new LinkedHashMap<>();
        byDirectory.forEach((directory, inIt) -> left.putAll(deleteIn(directory, inIt)));
        if (!keys.isEmpty()) {
            requirePresence();
        }
        return left;
    }

    private Map<String, String> deleteIn(Path directory, List<String> keys) {
        Map<String, String> left = new LinkedHashMap<>();
        for (String key : keys) {
            Path object = path(key);
            try {
                if (!Files.isDirectory(object)) {
                    Files.deleteIfExists(object);
                }
            } catch (IOException e) {
                left.put(key, StorageException.reason(e));
            }
        }
        try {
            DurableFiles.removeEmptyDirectories(directory, root);
        } catch (IOException e) {
            keys.forEach(key -> left.putIfAbsent(key, StorageException.reason(e)));
        }
        return left;
    }

    @Override
    public void close() {}

    private Path path(String key) {
        return root.resolve(ObjectKeys.require(key));
    }

    private String name(String key) {
        return location() + "/" + key;
    }

    private void requireObject(String key) {
        Path object = path(key);
        if (Files.notExists(object) || Files.isDirectory(object)) {
            requirePresence();
            throw new ObjectMissingException(location(), key);
        }
    }

    private void requirePresence() {
        if (!Files.isDirectory(landmark)) {
            throw new StorageException(location() + " is not the directory any more that was opened: " + landmark
                    + " is gone; mount or restore the directory, or start this process again to"
                    + " begin with what is there now");
        }
    }

    private interface Content {
        void writeTo(Path file) throws IOException;
    }
}
