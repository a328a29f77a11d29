package dev.cairn.worker.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class GroupNotesTest {

    private static final Peer WORKER = new Peer("a", URI.create("https://10.0.0.3:8443"));

    @Test
    void shouldKeepWhatComesBeforeIt() {
        ByteBuffer said = GroupNotes.says(ByteBuffer.allocate(4).putInt(0, 17), WORKER);

        assertThat(said.getInt(0)).isEqualTo(17);
        assertThat(GroupNotes.said(said)).contains(WORKER);
        assertThat(GroupNotes.said(said)).as("read again").contains(WORKER);
    }

    @Test
    void shouldTakeWhatIsNotThereOrCannotBeReadForNotSaid() {
        ByteBuffer said = GroupNotes.says(ByteBuffer.allocate(4), WORKER);
        ByteBuffer later = ByteBuffer.allocate(said.remaining())
                .put(said.duplicate())
                .put(4, (byte) 2)
                .flip();

        assertThat(GroupNotes.said(null)).isEmpty();
        assertThat(GroupNotes.said(ByteBuffer.allocate(4))).isEmpty();
        assertThat(GroupNotes.said(ByteBuffer.allocate(2))).isEmpty();
        assertThat(GroupNotes.said(later)).as("another version").isEmpty();
        for (int end = 0; end < said.remaining(); end++) {
            assertThat(GroupNotes.said(said.duplicate().limit(end))).isEmpty();
        }
        assertThat(GroupNotes.told(null)).isEmpty();
        assertThat(GroupNotes.told(ByteBuffer.allocate(0))).isEmpty();
    }

    @Test
    void shouldTakeWhatNoWorkerSaysForNotSaid() {
        for (String instance : List.of("", "a b", "a/b", "<a>", "a".repeat(101))) {
            assertThat(GroupNotes.said(GroupNotes.says(ByteBuffer.allocate(4), new Peer(instance, WORKER.address()))))
                    .as(instance)
                    .isEmpty();
        }
        Peer far = new Peer("a", URI.create("http://" + "a".repeat(300)));
        assertThat(GroupNotes.said(GroupNotes.says(ByteBuffer.allocate(4), far)))
                .isEmpty();
    }

    @Test
    void shouldTellWhoHasWhat() {
        GroupMap map = new GroupMap(
                List.of(WORKER, new Peer("b", URI.create("http://b:8080"))), List.of(0, 1, GroupMap.NO_ONE, 1));

        GroupNotes.Told told =
                GroupNotes.told(GroupNotes.tells(WORKER, GroupNotes.map(map))).orElseThrow();

        assertThat(told).isEqualTo(new GroupNotes.Told(WORKER, Optional.of(map)));
        assertThat(map.owner(1)).map(Peer::instance).contains("b");
        assertThat(map.owner(2)).isEmpty();
        assertThat(map.owner(4)).isEmpty();
        assertThat(map.owner(-1)).isEmpty();
    }

    @Test
    void shouldTellWhereAWorkerIsBelievedToListenWithoutAMap() {
        assertThat(GroupNotes.told(GroupNotes.tells(WORKER, new byte[0])))
                .contains(new GroupNotes.Told(WORKER, Optional.empty()));
    }

    @Test
    void shouldStaySmallInALargeGroup() {
        GroupMap map = new GroupMap(
                IntStream.range(0, 100)
                        .mapToObj(
                                number -> new Peer("cairn-" + number, URI.create("http://10.0.3." + number + ":8080")))
                        .toList(),
                IntStream.range(0, 1_000).mapToObj(number -> number * 7 % 100).toList());

        assertThat(GroupNotes.map(map).length).isLessThan(4_000);
    }
}
