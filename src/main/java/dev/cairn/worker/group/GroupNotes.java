package dev.cairn.worker.group;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * What members write into the user data of a group, and read from it. What is missing, of another version or malformed
 * counts as not said: workers of other versions may be members, too.
 */
final class GroupNotes {

    /** How the map and addresses are laid out. */
    private static final byte VERSION = 1;

    /** Kafka's assignor puts the generation before what a member says. */
    private static final int GENERATION_BYTES = Integer.BYTES;

    private static final int MOST_WORKERS = 1_000;
    private static final int MOST_ADDRESS = 300;
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final int MOST_PARTITIONS = 50_000;

    private GroupNotes() {}

    /**
     * What a member is told.
     *
     * @param address where the group believes its worker to listen
     * @param map who has what; not every loop of a worker gets it
     */
    record Told(Peer address, Optional<GroupMap> map) {}

    /** A way of writing. */
    @FunctionalInterface
    private interface Writing {

        void to(DataOutputStream out) throws IOException;
    }

    /** A way of reading. */
    @FunctionalInterface
    private interface Reading<T> {

        T from(DataInputStream in) throws IOException;
    }

    /** What a member says of its worker, behind what Kafka's assignor has it say. */
    static ByteBuffer says(ByteBuffer before, Peer worker) {
        byte[] said = written(out -> {
            out.writeByte(VERSION);
            write(worker, out);
        });
        return ByteBuffer.allocate(before.remaining() + said.length)
                .put(before.duplicate())
                .put(said)
                .flip();
    }

    /** What a member has said. */
    static Optional<Peer> said(ByteBuffer userData) {
        if (userData == null || userData.remaining() <= GENERATION_BYTES) {
            return Optional.empty();
        }
        ByteBuffer own = userData.duplicate();
        own.position(own.position() + GENERATION_BYTES);
        return read(own, GroupNotes::readPeer);
    }

    /** The version of what a member has said, where it is not the one that is known here. */
    static OptionalInt otherVersion(ByteBuffer userData) {
        if (userData == null || userData.remaining() <= GENERATION_BYTES) {
            return OptionalInt.empty();
        }
        byte version = userData.get(userData.position() + GENERATION_BYTES);
        return version == VERSION ? OptionalInt.empty() : OptionalInt.of(version);
    }

    /** The map, to be handed to many. */
    static byte[] map(GroupMap map) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            out.writeInt(map.workers().size());
            for (Peer worker : map.workers()) {
                write(worker, out);
            }
            out.writeInt(map.owners().size());
            for (int owner : map.owners()) {
                out.writeInt(owner);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What a member is told; without a map where it is empty. */
    static ByteBuffer tells(Peer worker, byte[] map) {
        return ByteBuffer.wrap(written(out -> {
            out.writeByte(VERSION);
            write(worker, out);
            out.write(map);
        }));
    }

    /** What a member was told. */
    static Optional<Told> told(ByteBuffer userData) {
        return userData == null
                ? Optional.empty()
                : read(userData.duplicate(), in -> new Told(readPeer(in), readMap(in)));
    }

    private static Optional<GroupMap> readMap(DataInputStream rest) throws IOException {
        if (rest.available() == 0) {
            return Optional.empty();
        }
        DataInputStream in = new DataInputStream(new InflaterInputStream(rest));
        int workerCount = checked(in.readInt(), MOST_WORKERS);
        List<Peer> workers = new ArrayList<>();
        for (int i = 0; i < workerCount; i++) {
            workers.add(readPeer(in));
        }
        int partitions = checked(in.readInt(), MOST_PARTITIONS);
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            owners.add(in.readInt());
        }
        return Optional.of(new GroupMap(workers, owners));
    }

    private static int checked(int count, int most) throws IOException {
        if (count < 0 || count > most) {
            throw new IOException(count + " of them");
        }
        return count;
    }

    private static void write(Peer worker, DataOutputStream out) throws IOException {
        out.writeUTF(worker.instance());
        out.writeUTF(worker.address().toString());
    }

    private static Peer readPeer(DataInputStream in) throws IOException {
        String instance = in.readUTF();
        String address = in.readUTF();
        if (!INSTANCE.matcher(instance).matches() || address.length() > MOST_ADDRESS) {
            throw new IOException("no worker says this");
        }
        // Whether anyone may be asked there is for those to say who ask.
        return new Peer(instance, URI.create(address));
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static <T> Optional<T> read(ByteBuffer from, Reading<T> reading) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return in.readByte() == VERSION ? Optional.of(reading.from(in)) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
