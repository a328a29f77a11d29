package dev.cairn.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.Ttl;
import dev.cairn.api.ValueState;

/** The states of one partition whose values expire. Used by the loop's thread only. */
public final class ExpiringStates {

    private final KeyedState owner;
    private final List<Deletion> deletions = new ArrayList<>();
    private int nextDeletion;

    /** A state, and what knows which of its values are due. */
    private record Deletion(Expiry<?> expiry, Expirable state) {}

    ExpiringStates(KeyedState owner) {
        this.owner = owner;
    }

    /** Declares a state as {@link KeyedState#valueState}. */
    public <T> ValueState<T> valueState(String name, Serde<T> serde, Ttl ttl) {
        return single(name, StateKind.VALUE, StateKind.TIMES, serde, ttl);
    }

    /** Declares a state as {@link KeyedState#mapState}. */
    public <K, V> MapState<K, V> mapState(String name, Serde<K> keySerde, Serde<V> valueSerde, Ttl ttl) {
        StateTable<Expiring<V>> table = owner.table(name, StateKind.MAP, keySerde, expiring(valueSerde, ttl));
        DeclaredMap<K, Expiring<V>> values = owner.declared(new DeclaredMap<>(owner, table, keySerde));
        Expiry<V> expiry = expiry(table, ttl, StateKind.ENTRY_TIMES);
        values.show(value -> expiry.alive(value) != null);
        deletions.add(new Deletion(expiry, Expirable.of(table)));
        return new ExpiringMap<>(values, expiry);
    }

    /**
     * Declares a state as {@link KeyedState#listState}.
     *
     * @throws IllegalArgumentException also where reads are to refresh elements
     */
    public <T> ListState<T> listState(String name, Serde<T> serde, Ttl ttl) {
        if (ttl.isRefreshedByReads()) {
            throw new IllegalArgumentException(
                    "the elements of the list '" + name
                            + "' cannot be refreshed by reads, because they expire in their order: leave refreshedByReads() out");
        }
        StateTable<Expiring<T>> table = owner.table(name, StateKind.LIST, null, expiring(serde, ttl));
        DeclaredList<Expiring<T>> elements = owner.declared(new DeclaredList<>(owner, table));
        Expiry<T> expiry = expiry(table, ttl, StateKind.ENTRY_TIMES);
        elements.show(element -> expiry.alive(element) != null);
        ExpiringList<T> list = new ExpiringList<>(elements, expiry, owner);
        deletions.add(new Deletion(expiry, list));
        return list;
    }

    /** Declares a state as {@link KeyedState#reducingState}. */
    public <T> ReducingState<T> reducingState(String name, Serde<T> serde, BinaryOperator<T> reducer, Ttl ttl) {
        Objects.requireNonNull(reducer, () -> "the state '" + name + "' is declared without a reducer");
        return new DeclaredReducing<>(
                name, single(name, StateKind.REDUCING, StateKind.ENTRY_TIMES, serde, ttl), reducer);
    }

    private <T> ValueState<T> single(String name, StateKind kind, StateKind index, Serde<T> serde, Ttl ttl) {
        StateTable<Expiring<T>> table = owner.table(name, kind, null, expiring(serde, ttl));
        DeclaredValue<Expiring<T>> values = owner.declared(new DeclaredValue<>(owner, table));
        Expiry<T> expiry = expiry(table, ttl, index);
        deletions.add(new Deletion(expiry, Expirable.of(table)));
        return new ExpiringValue<>(values, expiry);
    }

    private static <T> Serde<Expiring<T>> expiring(Serde<T> serde, Ttl ttl) {
        return new ExpiringSerde<>(ttl.isInEventTime() ? TimeDomain.EVENT : TimeDomain.PROCESSING, serde);
    }

    private <T> Expiry<T> expiry(StateTable<Expiring<T>> table, Ttl ttl, StateKind index) {
        StateDescriptor state = table.descriptor();
        PartitionTime time = owner.time();
        return owner.declared(new Expiry<>(
                owner,
                state,
                ttl,
                owner.index(state.name(), index),
                ttl.isInEventTime() ? time::watermark : time::now));
    }

    /**
     * Deletes what has expired. Between records.
     *
     * @param most bounds the work
     * @return whether more may have expired
     * @throws LocalStateException when the database is damaged or the disk fails; what was deleted before stays deleted
     */
    public boolean deleteExpired(int most) {
        int left = most;
        try {
            for (int i = 0; i < deletions.size() && left > 0; i++) {
                // In turns, so that a state with much to delete does not keep the others waiting.
                nextDeletion = (nextDeletion + 1) % deletions.size();
                Deletion next = deletions.get(nextDeletion);
                left -= next.expiry().deleteExpired(next.state(), left);
            }
        } catch (LocalStateException e) {
            // It is not the next record's failure.
            owner.dropRecord();
            throw e;
        }
        return left == 0;
    }
}
