package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Walks a directory whose content others change meanwhile, and notes the objects below it. */
final class ObjectCollector extends SimpleFileVisitor<Path> {

    private final Path root;
    private final Path start;
    private final List<StoredObject> objects = new ArrayList<>();

    ObjectCollector(Path root, Path start) {
        this.root = root;
        this.start = start;
    }

    /** What was found, in the order of the keys. */
    List<StoredObject> objects() {
        return objects.stream().sorted(Comparator.comparing(StoredObject::key)).toList();
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && !file.equals(start)) {
            String key = root.relativize(file).toString();
            objects.add(new StoredObject(
                    key, attributes.size(), attributes.lastModifiedTime().toInstant()));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        return unlessVanished(e);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
        return unlessVanished(e);
    }

    private static FileVisitResult unlessVanished(IOException e) throws IOException {
        if (e != null && !(e instanceof NoSuchFileException)) {
            throw e;
        }
        return FileVisitResult.CONTINUE;
    }
}
