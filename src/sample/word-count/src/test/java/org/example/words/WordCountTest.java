package org.example.words;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

/** The application as Quarkus tests it: with the worker in it, on the Kafka of {@code kafka.bootstrap.servers}. */
@QuarkusTest
class WordCountTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String OF_QUARKUS = "%d{yyyy-MM-dd HH:mm:ss,SSS}";

    @Inject
    Config config;

    @Test
    void shouldCountTheWordsOfAnAuthor() {
        // When
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(broker(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("test-lines", "william", "to be or not to be"));
        }

        // Then
        Map<String, Long> counts = new TreeMap<>();
        try (KafkaConsumer<String, Long> consumer =
                new KafkaConsumer<>(broker(), new StringDeserializer(), new LongDeserializer())) {
            TopicPartition words = new TopicPartition("test-words", 0);
            consumer.assign(List.of(words));
            consumer.seekToBeginning(List.of(words));
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(word -> counts.put(word.key(), word.value()));
                return counts.size() >= 4;
            });
        }
        assertEquals(Map.of("william/to", 2L, "william/be", 2L, "william/or", 1L, "william/not", 1L), counts);
        given().get("/state/counts/william").then().statusCode(200).body("value.words.be", is(2));
        given().get("/state/latest/william?entry=0")
                .then()
                .statusCode(200)
                .body("value", equalTo("to be or not to be"));
        given().contentType("application/json")
                .body("{\"keys\": [\"william\"]}")
                .post("/state/latest")
                .then()
                .statusCode(400);
        given().get("/job").then().statusCode(200).body("name", equalTo("word-count-test"));
        given().get("/q/health/ready").then().statusCode(200);
    }

    @Test
    void shouldKeepItsOwnJson() {
        given().contentType("application/json")
                .body("{\"author\": \"william\", \"day\": \"1600-01-02\", \"unknown\": 1}")
                .post("/notes")
                .then()
                .statusCode(200)
                .body("author", equalTo("william"))
                .body("day", contains(1600, 1, 2));
    }

    @Test
    void shouldLeaveCairnsJsonAlone() {
        given().contentType("application/json")
                .body("{\"keys\": [\"william\"], \"unknown\": 1}")
                .post("/state/counts")
                .then()
                .statusCode(400);
    }

    @Test
    void shouldKeepWhatIsTheApplicationsOwn() {
        assertEquals("true", value("quarkus.banner.enabled", "true"));
        assertEquals("true", value("quarkus.kafka.devservices.enabled", "true"));
        assertEquals("false", value("quarkus.jackson.fail-on-unknown-properties", "false"));
        assertTrue(value("quarkus.log.console.format", OF_QUARKUS).startsWith(OF_QUARKUS));
    }

    /** Settings that Quarkus needs at build time are known here only where someone has set them. */
    private String value(String name, String otherwise) {
        return config.getOptionalValue(name, String.class).orElse(otherwise);
    }

    private Map<String, Object> broker() {
        return Map.of(
                "bootstrap.servers",
                config.getValue("kafka.bootstrap.servers", String.class),
                "isolation.level",
                "read_committed");
    }
}
