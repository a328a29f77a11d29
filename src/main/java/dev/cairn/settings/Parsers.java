package dev.cairn.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.cairn.storage.ObjectStores;

/** How the kinds of settings are read and validated. */
final class Parsers {

    /** In nanoseconds, with room for sums. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_TOPIC = 249;
    private static final int SHORTEST_TOKEN = 16;
    private static final int SHORTEST_PEER_SECRET = 32;
    private static final int HIGHEST_PORT = 65535;

    private static final String ADDRESS_WAY_OUT = "Write http://host:port or https://host:port.";

    private static final String IDENTIFIER = "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*";
    private static final Pattern CLASS = Pattern.compile(IDENTIFIER + "(\\." + IDENTIFIER + ")+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    // RFC 6750: what may follow "Bearer".
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final Pattern BROKER =
            Pattern.compile("(?:[A-Za-z0-9_.+-]+://)?(?:\\[[0-9A-Fa-f:.%]+]|[^\\s:/\\[\\]]+):(\\d{1,5})");
    // A scheme has two letters at least: C: is a drive.
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");

    private Parsers() {}

    static <T> Setting.Parser<Optional<T>> optional(Setting.Parser<T> parser) {
        return text -> text.isEmpty() ? Optional.empty() : Optional.of(parser.parse(text));
    }

    static Setting.Parser<Boolean> bool() {
        return text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("neither true nor false", "Write true or false.");
        };
    }

    static Setting.Parser<Integer> integerFrom(int least) {
        String wayOut = "Write a whole number from %s to %s.".formatted(least, Integer.MAX_VALUE);
        return text -> {
            int number;
            try {
                number = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new InvalidValueException("not a whole number of this size", wayOut);
            }
            if (number < least) {
                throw new InvalidValueException("less than " + least, wayOut);
            }
            return number;
        };
    }

    static Setting.Parser<Duration> durationFrom(Duration least) {
        return text -> {
            Duration duration;
            try {
                duration = DurationText.parse(text);
            } catch (IllegalArgumentException e) {
                throw new InvalidValueException(
                        "not a duration", "Write a number and a unit (ms, s, min, h, d) such as 10s, or PT10S.");
            }
            if (duration.compareTo(least) < 0) {
                throw new InvalidValueException(
                        "too short", "Write a duration of at least " + least.toMillis() + "ms.");
            }
            if (duration.compareTo(LONGEST) > 0) {
                throw new InvalidValueException("too long", "Write a duration of at most " + LONGEST.toDays() + "d.");
            }
            return duration;
        };
    }

    /** A duration from zero; {@code -1} is one below zero and stands for "never". */
    static Setting.Parser<Duration> durationOrNever() {
        Setting.Parser<Duration> duration = durationFrom(Duration.ZERO);
        return text -> text.equals("-1") ? Duration.ofMillis(-1) : duration.parse(text);
    }

    static Setting.Parser<MemorySize> sizeBetween(MemorySize least, MemorySize most) {
        Setting.Parser<MemorySize> atMost = sizeTo(most);
        return text -> {
            MemorySize size = atMost.parse(text);
            if (size.bytes() < least.bytes()) {
                throw new InvalidValueException("too small", "Write a size of at least " + least + ".");
            }
            return size;
        };
    }

    static Setting.Parser<MemorySize> sizeTo(MemorySize most) {
        return text -> {
            MemorySize size;
            try {
                size = MemorySize.parse(text);
            } catch (IllegalArgumentException e) {
                throw new InvalidValueException(
                        "not a size", "Write a number and a unit (b, kb, mb) such as 20kb; without unit it is bytes.");
            }
            if (size.bytes() > most.bytes()) {
                throw new InvalidValueException("too large", "Write a size of at most " + most + ".");
            }
            return size;
        };
    }

    /** One of an enum's constants, written in either case, with {@code -} or {@code _}. */
    static <E extends Enum<E>> Setting.Parser<E> oneOf(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        return text -> constants.stream()
                .filter(constant ->
                        constant.name().equals(text.toUpperCase(Locale.ROOT).replace('-', '_')))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        "not one of the choices",
                        constants.stream()
                                .map(constant ->
                                        constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .collect(Collectors.joining(", ", "Write one of: ", "."))));
    }

    /** What may become the name of a directory, of a consumer group and of a transaction. */
    static Setting.Parser<String> name() {
        return name(LONGEST_NAME, text -> "not usable as the name of a directory and of a consumer group");
    }

    /** A topic's name by Kafka's rule. */
    static Setting.Parser<String> topic() {
        return name(LONGEST_TOPIC, text -> "Kafka allows no topic named '" + text + "'");
    }

    private static Setting.Parser<String> name(int longest, UnaryOperator<String> cause) {
        return text -> {
            if (!NAME.matcher(text).matches() || text.length() > longest || text.equals(".") || text.equals("..")) {
                throw new InvalidValueException(
                        cause.apply(text),
                        "Write letters, digits, '.', '_' and '-', at most %s of them, and not just '.' or '..'."
                                .formatted(longest));
            }
            return text;
        };
    }

    /** What may follow {@code Bearer} in a request, and is too long to be guessed. */
    static Setting.Parser<String> token() {
        return secret(SHORTEST_TOKEN);
    }

    /** Longer, because anyone who sees a signature can guess without a question to the worker. */
    static Setting.Parser<String> peerSecret() {
        return secret(SHORTEST_PEER_SECRET);
    }

    private static Setting.Parser<String> secret(int shortest) {
        String wayOut = "Write %s characters or more, such as those of: openssl rand -hex 32.".formatted(shortest);
        return text -> {
            if (!TOKEN.matcher(text).matches()) {
                throw new InvalidValueException(
                        "it may have letters, digits and '-._~+/' only, and '=' at its end", wayOut);
            }
            if (text.length() < shortest) {
                throw new InvalidValueException("too short to be a secret", wayOut);
            }
            return text;
        };
    }

    static Setting.Parser<List<String>> topics() {
        return text -> {
            List<String> topics = split(text, ",").stream().map(topic()::parse).toList();
            requireDistinct(topics, "Name each topic once.");
            return atLeastOne(topics, "Name one topic or more, separated by commas.");
        };
    }

    /** As {@link #topics}, or none where it is not set. */
    static Setting.Parser<List<String>> topicsOrNone() {
        return text -> text.isEmpty() ? List.of() : topics().parse(text);
    }

    /** Full names of classes, with dots for what is written with {@code $} as well. */
    static Setting.Parser<Set<String>> classNames() {
        return text -> {
            Set<String> names = new LinkedHashSet<>();
            for (String name : split(text, ",")) {
                if (!CLASS.matcher(name).matches()) {
                    throw new InvalidValueException(
                            "'" + name + "' is not the full name of a class",
                            "Write names such as java.net.ConnectException, separated by commas.");
                }
                names.add(name.replace('$', '.'));
            }
            return names;
        };
    }

    static Setting.Parser<String> brokers() {
        String wayOut = "Write host:port, several separated by commas, such as broker-1:9092,broker-2:9092.";
        return text -> {
            for (String broker : atLeastOne(split(text, ","), wayOut)) {
                Matcher matcher = BROKER.matcher(broker);
                if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > HIGHEST_PORT) {
                    throw new InvalidValueException("'" + broker + "' is not host:port", wayOut);
                }
            }
            return text;
        };
    }

    /**
     * Where a worker answers by HTTP: no more than that, because other workers send requests there. The port may be 0 as long as
     * the worker has not been given one.
     */
    static Setting.Parser<URI> httpAddress() {
        return text -> {
            URI address;
            try {
                address = new URI(text);
            } catch (URISyntaxException e) {
                throw new InvalidValueException("not an address: " + e.getReason(), ADDRESS_WAY_OUT);
            }
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (!http || address.getHost() == null || address.getPort() > HIGHEST_PORT) {
                throw new InvalidValueException("not an address of HTTP", ADDRESS_WAY_OUT);
            }
            if (address.getRawUserInfo() != null
                    || !address.getRawPath().isEmpty()
                    || address.getRawQuery() != null
                    || address.getRawFragment() != null) {
                throw new InvalidValueException("more than a host and a port", ADDRESS_WAY_OUT);
            }
            return address;
        };
    }

    /** A directory of an object store; whether it can be used is for the store to say. */
    static Setting.Parser<String> storageDirectory() {
        return text -> {
            Matcher scheme = SCHEME.matcher(text);
            if (!scheme.matches() || scheme.group(1).equalsIgnoreCase("file")) {
                return text;
            }
            if (!scheme.group(1).equals("s3")) {
                throw new InvalidValueException(
                        scheme.group(1) + ": is not supported", "Write s3://bucket/prefix, file:/path or /path.");
            }
            if (!ObjectStores.isInBucket(text)) {
                throw new InvalidValueException(
                        "it names no bucket",
                        "Write s3://bucket/prefix; a bucket's name has 3 to 63 small letters, digits, dots and hyphens.");
            }
            return text;
        };
    }

    /** Any number of them. */
    static Setting.Parser<List<String>> storageDirectories() {
        return text -> split(text, ",").stream().map(storageDirectory()::parse).toList();
    }

    static Setting.Parser<List<Path>> localDirectories() {
        String wayOut = "Write plain paths, several separated by ':' or ','.";
        return text -> {
            if (text.startsWith("file:")) {
                throw new InvalidValueException("local directories are not URIs", wayOut);
            }
            List<Path> directories;
            try {
                directories = split(text, "[:,]").stream().map(Path::of).toList();
            } catch (InvalidPathException e) {
                throw new InvalidValueException("not a path: " + e.getMessage(), wayOut);
            }
            requireDistinct(directories.stream().map(Path::normalize).toList(), "Name each directory once.");
            return atLeastOne(directories, wayOut);
        };
    }

    private static List<String> split(String text, String separator) {
        return Arrays.stream(text.split(separator, -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static void requireDistinct(List<?> items, String wayOut) {
        Set<Object> seen = new HashSet<>();
        items.stream().filter(item -> !seen.add(item)).findFirst().ifPresent(item -> {
            throw new InvalidValueException("names " + item + " twice", wayOut);
        });
    }

    private static <T> List<T> atLeastOne(List<T> items, String wayOut) {
        if (items.isEmpty()) {
            throw new InvalidValueException("names nothing", wayOut);
        }
        return items;
    }
}
