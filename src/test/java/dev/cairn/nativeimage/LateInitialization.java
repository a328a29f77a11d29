package dev.cairn.nativeimage;

/**
 * Which classes an executable initializes when it runs, with those that inherit it. All others are initialized by the builder,
 * on a whole JVM: what their initializers reach by name is there.
 *
 * @param named those that the builder is told of
 * @param sources the classes
 */
record LateInitialization(RunTimeInitialized named, Bytecode sources) {

    static LateInitialization of(ExecutableMetadata metadata, Bytecode sources) {
        return new LateInitialization(RunTimeInitialized.by(metadata, sources), sources);
    }

    /** So is a class whose superclass is. */
    boolean contains(String type) {
        return named.contains(type)
                || sources.find(type)
                        .map(node -> node.superName)
                        .filter(superclass -> contains(superclass.replace('/', '.')))
                        .isPresent();
    }
}
