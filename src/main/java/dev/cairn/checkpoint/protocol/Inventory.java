package dev.cairn.checkpoint.protocol;

import java.util.List;

/**
 * Every object of a partition, and whether it is needed.
 *
 * @param objects in the order of their paths
 * @param unreadable what cannot be read and may need objects that nothing else needs, one message each. As long as there
 *     is any, nothing is an orphan
 */
public record Inventory(List<ClassifiedObject> objects, List<String> unreadable) {

    public Inventory {
        objects = List.copyOf(objects);
        unreadable = List.copyOf(unreadable);
    }

    /** What nothing needs any more. */
    public List<ClassifiedObject> orphans() {
        return objects.stream().filter(ClassifiedObject::isOrphan).toList();
    }
}
