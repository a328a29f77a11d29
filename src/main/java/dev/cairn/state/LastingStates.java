package dev.cairn.state;

import java.util.Objects;
import java.util.function.BinaryOperator;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;

/** Makes the states of one partition whose values do not expire; what they are, {@link KeyedState} says. */
record LastingStates(KeyedState owner) {

    <T> ValueState<T> valueState(String name, Serde<T> serde) {
        return single(name, StateKind.VALUE, serde);
    }

    <K, V> MapState<K, V> mapState(String name, Serde<K> keySerde, Serde<V> valueSerde) {
        StateTable<V> table = owner.table(name, StateKind.MAP, keySerde, valueSerde);
        return owner.declared(new DeclaredMap<>(owner, table, keySerde));
    }

    <T> ListState<T> listState(String name, Serde<T> serde) {
        return owner.declared(new DeclaredList<>(owner, owner.table(name, StateKind.LIST, null, serde)));
    }

    <T> ReducingState<T> reducingState(String name, Serde<T> serde, BinaryOperator<T> reducer) {
        Objects.requireNonNull(reducer, () -> "the state '" + name + "' is declared without a reducer");
        return new DeclaredReducing<>(name, single(name, StateKind.REDUCING, serde), reducer);
    }

    private <T> ValueState<T> single(String name, StateKind kind, Serde<T> serde) {
        return owner.declared(new DeclaredValue<>(owner, owner.table(name, kind, null, serde)));
    }
}
