package dev.cairn.fleet;

/**
 * What proves that a command comes from a worker which has the common secret. It covers all of the command, its time included, the
 * job and the cluster, so that it counts nowhere else. Immutable and thread-safe.
 */
record CommandSignature(SecretMac mac, String job, String clusterId) {

    /** The signature of a command. */
    String of(Command command) {
        return mac.of(job, clusterId, FleetCodec.encode(command));
    }

    /** Whether a command was signed with this secret. */
    boolean isOf(Command command, String signature) {
        return SecretMac.isEqual(of(command), signature);
    }
}
