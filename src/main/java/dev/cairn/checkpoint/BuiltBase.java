package dev.cairn.checkpoint;

import java.util.List;
import java.util.Map;

/**
 * A base and the objects it consists of.
 *
 * @param base what checkpoints name
 * @param files its sorted files, by their names in the database that it was made of
 * @param uploaded paths of the objects that were made for it
 */
record BuiltBase(Base base, Map<String, ObjectRef> files, List<String> uploaded) {

    BuiltBase {
        files = Map.copyOf(files);
        uploaded = List.copyOf(uploaded);
    }
}
