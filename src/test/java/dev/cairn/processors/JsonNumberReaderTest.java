package dev.cairn.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.core.JsonPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumberReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/delay         | {\"delay\":5}",
                "/delay         | {\"date\":\"2001\",\"other\":{\"delay\":6},\"list\":[{\"delay\":7}],\"delay\":5,\"x\":[{}]}",
                "/order/total   | {\"total\":1,\"order\":{\"id\":2,\"total\":5},\"x\":null}",
                "/list/1        | {\"list\":[[1,2,3],5,{}]}",
                "/list/0/a      | {\"list\":[{\"b\":[],\"a\":5},true]}",
                "/1             | [4,5]",
                "/1             | {\"0\":4,\"1\":5}",
                "/a~1b/~0       | {\"a/b\":{\"~\":5}}",
                "/              | {\"\":5}",
                "/délai         | {\"d\\u00e9lai\":5}",
                "/délai         | {\"délai\":5}"
            })
    void shouldFindTheNumber(String pointer, String json) {
        assertThat(read(pointer, json)).isEqualTo(5L);
    }

    @Test
    void shouldTellIntegersFromOtherNumbers() {
        assertThat(read("/n", "{\"n\":-0}")).isEqualTo(0L);
        assertThat(read("/n", "{\"n\":9223372036854775807}")).isEqualTo(Long.MAX_VALUE);
        assertThat(read("/n", "{\"n\":9223372036854775808}")).isEqualTo(BigInteger.TWO.pow(63));
        assertThat(read("/n", "{\"n\":-9223372036854775808}")).isEqualTo(Long.MIN_VALUE);
        assertThat(read("/n", "{\"n\":3.0}")).isEqualTo(3.0);
        assertThat(read("/n", "{\"n\":1e2}")).isEqualTo(100.0);
        assertThat(read("/n", "{\"n\":0.1}")).isEqualTo(0.1);
        assertThat(read("/n", "{\"n\":1e-400}")).isEqualTo(0.0);
    }

    @Test
    void shouldReadLongIntegersExactly() {
        // Given
        String digits = "9".repeat(JsonNumberReader.MAX_DIGITS);

        // Then
        assertThat(read("/n", "{\"n\":" + digits + "}")).isEqualTo(new BigInteger(digits));
        assertThatThrownBy(() -> read("/n", "{\"n\":9" + digits + "}"))
                .isInstanceOf(NoNumberException.class)
                .hasMessageStartingWith("no number at /n: the value exceeds a limit: ")
                .hasMessageContaining("501")
                .hasMessageNotContaining("99");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                     | the value has nothing there",
                "{\"x\":{\"delay\":1}}  | the value has nothing there",
                "[{\"delay\":1}]        | the value has nothing there",
                "\"secret\"             | the value has nothing there",
                "42                     | the value has nothing there",
                "null                   | the value has nothing there",
                "{\"delay\":\"17\"}     | there is a string",
                "{\"delay\":null}       | there is null",
                "{\"delay\":true}       | there is a boolean",
                "{\"delay\":{\"a\":1}}  | there is an object",
                "{\"delay\":[1]}        | there is an array",
                "{\"delay\":1e400}      | the one there is too large for a double",
                "{\"delay\":-1e400}     | the one there is too large for a double",
                "{\"delay\":1} {}       | the value continues after its JSON",
            })
    void shouldSayWhatIsThereInstead(String json, String why) {
        assertThatThrownBy(() -> read("/delay", json))
                .isInstanceOf(NoNumberException.class)
                .hasMessage("no number at /delay: " + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "{\"delay\":1,\"secret\"",
                "{\"delay\":1",
                "{\"delay\":1}}",
                "{\"delay\":1}secret",
                "{\"delay\":NaN}",
                "{\"delay\":Infinity}",
                "{\"delay\":01}",
                "{\"delay\":1.}",
                "{\"delay\":0x1f}",
                "{\"delay\":1secret}",
                "{\"x\":secret,\"delay\":1}",
                "{'delay':1}",
                "{\"delay\":1,}",
                "{\"x\":[1,2",
                "{\"x\":\"secret",
            })
    void shouldRefuseWhatIsNotJson(String json) {
        assertThatThrownBy(() -> read("/delay", json))
                .isInstanceOf(NoNumberException.class)
                .hasMessageStartingWith("no number at /delay: the value is not JSON from byte ")
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void shouldRefuseBytesThatAreNoText() {
        assertThatThrownBy(() -> reader("/delay").read(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"'}))
                .isInstanceOf(NoNumberException.class)
                .hasMessageStartingWith("no number at /delay: the value is not JSON");
    }

    @Test
    void shouldRefuseAMissingValue() {
        assertThatThrownBy(() -> reader("/delay").read(null))
                .isInstanceOf(NoNumberException.class)
                .hasMessage("no number at /delay: the record has no value");
        assertThatThrownBy(() -> read("/delay", " "))
                .isInstanceOf(NoNumberException.class)
                .hasMessage("no number at /delay: the value is empty");
    }

    @Test
    void shouldRefuseTooDeepNesting() {
        assertThatThrownBy(() -> read("/delay", "[".repeat(5000) + "]".repeat(5000)))
                .isInstanceOf(NoNumberException.class)
                .hasMessageStartingWith("no number at /delay: the value exceeds a limit: ");
    }

    private static Number read(String pointer, String json) {
        return reader(pointer).read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNumberReader reader(String pointer) {
        return new JsonNumberReader(JsonPointer.compile(pointer));
    }
}
