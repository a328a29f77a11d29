package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.cairn.testkit.worker.NativeSources;

/**
 * What an executable can reach by name: the configuration in every jar that the builder gets, in both of its forms.
 *
 * <p>Conditions are taken as met: which types the builder's analysis reaches cannot be known without the builder.
 */
final class ExecutableMetadata {

    private static final String DIRECTORY = "META-INF/native-image/";
    private static final Pattern EXTRA_FILE =
            Pattern.compile("-H:(?:Reflection|Resource|DynamicProxy|JNI|Serialization)ConfigurationResources=(\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, RegisteredClass> classes = new HashMap<>();
    private final List<Pattern> resources = new ArrayList<>();
    private final List<Pattern> excludedResources = new ArrayList<>();
    private final Set<String> bundles = new HashSet<>();
    private final Set<Set<String>> proxies = new HashSet<>();
    private final Set<String> serialized = new HashSet<>();
    private final Set<String> jni = new TreeSet<>();
    private final Set<String> arguments = new LinkedHashSet<>();
    private final List<Exclusion> exclusions = new ArrayList<>();

    /** Configuration that the builder is told not to read. */
    private record Exclusion(Pattern jar, Pattern entry) {}

    private ExecutableMetadata() {}

    /** Reads it. */
    static ExecutableMetadata of(NativeSources sources) {
        ExecutableMetadata metadata = new ExecutableMetadata();
        metadata.addArguments(sources.arguments());
        sources.jars().forEach(metadata::add);
        return metadata;
    }

    private void addArguments(List<String> all) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).equals("--exclude-config")) {
                exclusions.add(new Exclusion(pattern(all.get(i + 1)), pattern(all.get(i + 2))));
            }
        }
        arguments.addAll(all);
    }

    /** Quarkus writes them for a shell. */
    private static Pattern pattern(String argument) {
        return Pattern.compile(argument.replaceAll("^[\"']|[\"']$", ""));
    }

    private void add(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<JarEntry> entries = file.stream()
                    .filter(entry -> entry.getName().startsWith(DIRECTORY) && !isExcluded(jar, entry.getName()))
                    .toList();
            Set<String> more = new HashSet<>();
            for (JarEntry entry : entries) {
                if (entry.getName().endsWith("native-image.properties")) {
                    more.addAll(addProperties(file, entry));
                }
            }
            for (JarEntry entry : entries) {
                if (entry.getName().endsWith(".json")) {
                    addJson(entry.getName(), more.contains(entry.getName()), read(file, entry));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }

    private boolean isExcluded(Path jar, String entry) {
        return exclusions.stream()
                .anyMatch(exclusion -> exclusion.jar().matcher(jar.toString()).find()
                        && exclusion.entry().matcher("/" + entry).find());
    }

    /** @return names of files that are configuration although they are called otherwise */
    private Set<String> addProperties(JarFile file, JarEntry entry) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = file.getInputStream(entry)) {
            properties.load(in);
        }
        String directory = entry.getName().substring(0, entry.getName().lastIndexOf('/'));
        List<String> here = Arrays.stream(properties.getProperty("Args", "").split("\\s+"))
                .map(argument -> argument.replace("${.}", directory))
                .toList();
        arguments.addAll(here);
        return EXTRA_FILE
                .matcher(String.join(" ", here))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static JsonNode read(JarFile file, JarEntry entry) throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            return JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private void addJson(String path, boolean isNamed, JsonNode content) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.equals("reflect-config.json") || (isNamed && name.startsWith("reflect"))) {
            content.forEach(this::addClass);
        } else if (name.equals("resource-config.json") || (isNamed && name.startsWith("resource"))) {
            addResources(content);
        } else if (name.equals("proxy-config.json")) {
            content.forEach(entry -> proxies.add(texts(entry.isArray() ? entry : entry.path("interfaces"))));
        } else if (name.equals("jni-config.json")) {
            content.forEach(entry -> jni.add(entry.path("name").asText()));
        } else if (name.equals("serialization-config.json")) {
            (content.isArray() ? content : content.path("types"))
                    .forEach(entry -> serialized.add(entry.path("name").asText()));
        } else if (name.equals("reachability-metadata.json")) {
            content.path("reflection").forEach(this::addClass);
            content.path("jni").forEach(entry -> jni.add(entry.path("type").asText()));
            content.path("resources").forEach(this::addResource);
        }
    }

    private void addClass(JsonNode entry) {
        JsonNode type = entry.has("type") ? entry.path("type") : entry.path("name");
        if (type.has("proxy")) {
            proxies.add(texts(type.path("proxy")));
            return;
        }
        classes.computeIfAbsent(type.asText(), name -> new RegisteredClass()).add(entry);
        if (entry.path("serializable").asBoolean()) {
            serialized.add(type.asText());
        }
        if (entry.path("jniAccessible").asBoolean()) {
            jni.add(type.asText());
        }
    }

    private void addResources(JsonNode content) {
        JsonNode resource = content.path("resources");
        (resource.isArray() ? resource : resource.path("includes")).forEach(this::addResource);
        resource.path("excludes")
                .forEach(entry -> excludedResources.add(
                        Pattern.compile(entry.path("pattern").asText())));
        content.path("globs").forEach(this::addResource);
        content.path("bundles").forEach(entry -> bundles.add(entry.path("name").asText()));
    }

    private void addResource(JsonNode entry) {
        if (entry.has("pattern")) {
            // The part before a colon is a module.
            resources.add(Pattern.compile(entry.path("pattern").asText().replaceFirst("^[\\w.]+:", "")));
        } else if (entry.has("glob")) {
            resources.add(Pattern.compile(Globs.toRegex(entry.path("glob").asText())));
        } else if (entry.has("bundle")) {
            bundles.add(entry.path("bundle").asText());
        }
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** What a feature registers with all of its members. */
    void register(Set<Class<?>> types) {
        types.forEach(type -> registered(type.getName()).addEverything());
    }

    private RegisteredClass registered(String type) {
        return classes.computeIfAbsent(type, name -> new RegisteredClass());
    }

    /** A resource that a feature includes. */
    void include(String resource) {
        resources.add(Pattern.compile(Pattern.quote(resource)));
    }

    /** What is registered of a class; nothing where no configuration names it. */
    RegisteredClass of(String type) {
        return classes.getOrDefault(type, new RegisteredClass());
    }

    boolean knows(String type) {
        return classes.containsKey(type);
    }

    boolean includes(String resource) {
        return resources.stream().anyMatch(pattern -> pattern.matcher(resource).matches())
                && excludedResources.stream()
                        .noneMatch(pattern -> pattern.matcher(resource).matches());
    }

    boolean hasBundle(String name) {
        return bundles.contains(name);
    }

    boolean hasProxy(List<String> interfaces) {
        return proxies.contains(Set.copyOf(interfaces));
    }

    boolean isSerializable(String type) {
        return serialized.contains(type);
    }

    /** Classes that native code may look up. */
    Set<String> jni() {
        return jni;
    }

    /** The values of an argument of the builder, wherever it is given. */
    Stream<String> values(String argument) {
        return arguments.stream()
                .filter(text -> text.startsWith(argument + "="))
                .flatMap(text ->
                        Arrays.stream(text.substring(argument.length() + 1).split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }
}
