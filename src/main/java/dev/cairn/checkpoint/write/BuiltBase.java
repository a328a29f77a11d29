package dev.cairn.checkpoint.write;

import java.util.List;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.ObjectRef;

/**
 * A base and the objects it consists of.
 *
 * @param base what checkpoints name
 * @param files its sorted files
 * @param uploaded paths of the objects that were made for it
 */
record BuiltBase(Base base, List<ObjectRef> files, List<String> uploaded) {

    BuiltBase {
        files = List.copyOf(files);
        uploaded = List.copyOf(uploaded);
    }
}
