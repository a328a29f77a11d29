package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;
import dev.cairn.processors.AggregateProcessors;

class JsonTypesTest {

    private static final class TwoInputs implements Processor<Void, Void, Void, Void> {

        private Output<String, Receipt> receipts;

        @Override
        public void declare(Declaration<Void, Void, Void, Void> declare) {
            declare.input("clicks", Serdes.String(), JsonSerde.of(Click.class), this::click);
            declare.input("sessions", Serdes.String(), JsonSerde.of(Session.class), this::session);
            receipts = declare.output("receipts", Serdes.String(), JsonSerde.of(Receipt.class));
        }

        private void click(InputRecord<String, Click> click) {
            receipts.emit(click.key(), null);
        }

        private void session(InputRecord<String, Session> session) {
            receipts.emit(session.key(), null);
        }
    }

    @Test
    void shouldFindTypesOfInputAndOutput() {
        assertThat(JsonTypes.of(Orders.class)).contains(OrderId.class, Order.class, Receipt.class);
    }

    @Test
    void shouldFindTypesOfStatesAndSerdesInFields() {
        assertThat(JsonTypes.of(Orders.class))
                .contains(Basket.class, Draft.class, Country.class, Click.class, Price.class)
                .doesNotContain(Service.class);
    }

    @Test
    void shouldFindTypesOfNamedInputsAndOutputs() {
        assertThat(JsonTypes.of(TwoInputs.class)).contains(Click.class, Session.class, Receipt.class);
    }

    @Test
    void shouldFindWhatASuperclassDeclaresWithTheTypesOfTheSubclass() {
        // When
        Set<Class<?>> types = JsonTypes.of(Sessions.class);

        // Then
        assertThat(types).contains(Click.class, Session.class, Counted.class);
    }

    @Test
    void shouldFindWhatAnAnonymousProcessorHandles() {
        // Given
        Processor<String, Click, String, Session> anonymous = new Quiet<>() {};

        // When, Then
        assertThat(JsonTypes.of(anonymous.getClass())).contains(Click.class, Session.class);
    }

    @Test
    void shouldFollowPropertiesToTheirEnd() {
        // When
        Set<Class<?>> types = JsonTypes.ofValue(Order.class);

        // Then
        assertThat(types)
                .contains(Order.class, Line.class, Price.class, Currency.class, Address.class, Country.class, Tag.class)
                .contains(ArrayDeque.class)
                .doesNotContain(Instant.class, String.class, Optional.class, JsonNode.class);
    }

    @Test
    void shouldFollowBeansAndTheirSuperclasses() {
        assertThat(JsonTypes.ofValue(Bean.class))
                .contains(Bean.class, Parent.class, Price.class, Tag.class, Country.class)
                .doesNotContain(Service.class);
    }

    @Test
    void shouldFindSubtypesNamedAndSealed() {
        assertThat(JsonTypes.ofValue(Payment.class)).contains(Card.class, Cash.class, Country.class);
        assertThat(JsonTypes.ofValue(Shape.class)).contains(Circle.class, Square.class, Price.class);
    }

    @Test
    void shouldFindWhatAnnotationsName() {
        // When
        Set<Class<?>> types = JsonTypes.ofValue(Annotated.class);

        // Then
        assertThat(types)
                .contains(KebabCaseStrategy.class, TagReader.class, Built.class, Built.Builder.class, Interface.class)
                .contains(Implementation.class);
    }

    @Test
    void shouldFollowCreatorsAndValues() {
        assertThat(JsonTypes.ofValue(Wrapped.class)).contains(Price.class, Tag.class);
    }

    @Test
    void shouldComeToAnEndWhereTypesContainThemselves() {
        assertThat(JsonTypes.ofValue(Tree.class)).contains(Tree.class, Price.class);
    }

    @Test
    void shouldFindTheValueOfTheReadyMadeProcessor() {
        assertThat(JsonTypes.of(AggregateProcessors.create("/delay").getClass()))
                .extracting(Class::getName)
                .contains("dev.cairn.processors.Aggregate");
    }

    @Test
    void shouldFindResultAndStateOfWindows() throws ClassNotFoundException {
        assertThat(JsonTypes.of(Class.forName("dev.cairn.processors.WindowProcessor")))
                .extracting(Class::getName)
                .contains("dev.cairn.processors.WindowResult", "dev.cairn.processors.WindowTotals");
    }

    @Test
    void shouldFollowOwnRecordsToDataOnly() {
        // When
        Set<Class<?>> types = JsonTypes.ofOwnValue(Job.class, "dev.cairn.");

        // Then
        assertThat(types)
                .contains(Job.class, Price.class, Currency.class, Shape.class, Circle.class, Tag.class, TagReader.class)
                .doesNotContain(Connection.class, S3Client.class, Runnable.class);
    }

    /** One method of a client that is registered draws all that it calls into the executable. */
    @Test
    void shouldRegisterNothingOfTheClientsForCairnsOwnRecords() {
        // Given
        List<Class<?>> own = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                        .importPackages("dev.cairn")
                        .stream()
                        .filter(JavaClass::isRecord)
                        .<Class<?>>map(JavaClass::reflect)
                        .toList();

        // When
        Set<Class<?>> types = new HashSet<>();
        own.forEach(type -> types.addAll(JsonTypes.ofOwnValue(type, "dev.cairn.")));

        // Then
        assertThat(types)
                .containsAll(own)
                .extracting(Class::getName)
                .allMatch(name -> name.startsWith("dev.cairn.") || name.startsWith("com.fasterxml.jackson."))
                .doesNotContain("dev.cairn.worker.loop.Loop", "dev.cairn.storage.ObjectStore");
    }

    record OrderId(long id) {}

    record Job(
            Price price,
            Shape shape,
            Connection connection,
            S3Client s3,
            Runnable task,
            @JsonDeserialize(using = TagReader.class) Tag tag) {}

    static class Connection {
        public Receipt getReceipt() {
            return null;
        }
    }

    record Order(
            List<Line> lines,
            Map<Country, Address[]> addresses,
            Optional<Tag> tag,
            ArrayDeque<String> notes,
            Instant at,
            JsonNode rest) {}

    record Line(Price price) {}

    record Price(long cents, Currency currency) {}

    enum Currency {
        EUR
    }

    record Address(String street) {}

    enum Country {
        DE
    }

    record Tag(String text) {}

    record Receipt(String text) {}

    record Basket(Map<String, Line> lines) {}

    record Draft(String text) {}

    record Service(String name) {}

    record Click(String page) {}

    record Session(List<Click> clicks) {}

    record Counted<T>(T value, long count) {}

    static class Parent {
        private Country origin;

        public Country getOrigin() {
            return origin;
        }

        public void setOrigin(Country origin) {
            this.origin = origin;
        }
    }

    static class Bean extends Parent {
        private Object hidden;

        @JsonIgnore
        public Service getService() {
            return null;
        }

        public Price getPrice() {
            return (Price) hidden;
        }

        public void setTag(Tag tag) {
            hidden = tag;
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Card.class), @JsonSubTypes.Type(Cash.class)})
    interface Payment {}

    record Card(Country country) implements Payment {}

    record Cash() implements Payment {}

    sealed interface Shape permits Circle, Square {}

    record Circle(Price price) implements Shape {}

    record Square() implements Shape {}

    interface Interface {}

    record Implementation(int number) implements Interface {}

    @JsonNaming(KebabCaseStrategy.class)
    record Annotated(
            @JsonDeserialize(using = TagReader.class) Tag tag,
            Built built,
            @JsonDeserialize(as = Implementation.class) Interface value) {}

    @JsonDeserialize(builder = Built.Builder.class)
    static final class Built {

        @JsonPOJOBuilder
        static final class Builder {
            Built build() {
                return new Built();
            }
        }
    }

    static final class TagReader extends StdDeserializer<Tag> {

        private static final long serialVersionUID = 1;

        TagReader() {
            super(Tag.class);
        }

        @Override
        public Tag deserialize(JsonParser parser, DeserializationContext context) {
            return new Tag("");
        }
    }

    static final class Wrapped {
        private final Object wrapped;

        private Wrapped(Object wrapped) {
            this.wrapped = wrapped;
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Wrapped of(Price price) {
            return new Wrapped(price);
        }

        @JsonValue
        Tag value() {
            return (Tag) wrapped;
        }
    }

    record Tree(List<Tree> children, Price price) {}

    /** Handles nothing. */
    abstract static class Quiet<K, V, KOut, VOut> implements Processor<K, V, KOut, VOut> {

        @Override
        public void declare(Declaration<K, V, KOut, VOut> declare) {}

        @Override
        public void process(InputRecord<K, V> input, Output<KOut, VOut> output) {}
    }

    @SuppressWarnings("UnusedVariable")
    static final class Orders extends Quiet<OrderId, Order, String, Receipt> {
        private ValueState<Basket> basket;
        private MapState<String, Country> countries;
        private ListState<Click> clicks;
        private ReducingState<Price> prices;
        private final JsonSerde<List<Draft>> drafts = null;
        private final Serde<Long> count = Serdes.Long();
        private Service service;
    }

    /** Keeps a state of its own type. */
    @SuppressWarnings("UnusedVariable")
    abstract static class Keeping<V, S> extends Quiet<String, V, String, S> {
        private ValueState<Counted<S>> kept;
    }

    static final class Sessions extends Keeping<Click, Session> {}
}
