package dev.cairn.nativeimage;

import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedWithParams;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.InputRecord;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;

/**
 * The types that Jackson meets when it reads and writes a processor's values, found by reflection on its class.
 *
 * <p>It begins with the types of the processor's input and output, of its methods that take an input record, and of its
 * fields that are states, outputs, serdes or Jackson's type references. From there it continues as Jackson does: to properties, elements, superclasses, subtypes, and whatever
 * Jackson's annotations name. Rather one type too many than one too few: each costs a few hundred bytes of the executable.
 */
final class JsonTypes {

    /** Fields of these hold values, whose type is their parameter. */
    private static final List<Class<?>> HOLDERS = List.of(
            ValueState.class,
            MapState.class,
            ListState.class,
            ReducingState.class,
            Output.class,
            Serde.class,
            TypeReference.class);

    private static final String JACKSON = "com.fasterxml.jackson.";

    /** They need no help: Jackson knows them by heart. */
    private static final List<String> BUILT_IN = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", JACKSON);

    private final JsonMapper mapper = JsonMapper.builder()
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .typeFactory(TypeFactory.defaultInstance().withCache(cache()))
            .build();

    private final Set<Class<?>> found = new LinkedHashSet<>();
    private final Set<JavaType> seen = new HashSet<>();
    private final Set<Class<?>> made = new HashSet<>();
    private final Deque<JavaType> ahead = new ArrayDeque<>();
    private final Predicate<Class<?>> followed;

    /** @param followed whether a type that Jackson does not know by heart is followed */
    private JsonTypes(Predicate<Class<?>> followed) {
        this.followed = followed;
    }

    /** Of its own: the common one would become a part of the executable. */
    private static LookupCache<Object, JavaType> cache() {
        return new LRUMap<>(16, 1_000);
    }

    /** The types that a processor's class leads to. */
    static Set<Class<?>> of(Class<?> processor) {
        JsonTypes types = new JsonTypes(any -> true);
        types.lookAt(processor);
        return types.follow();
    }

    /** The types that values of a class lead to, the class included. */
    static Set<Class<?>> ofValue(Class<?> value) {
        return ofValue(value, any -> true);
    }

    /**
     * The types that values of a record of Cairn's lead to. What Cairn itself writes as JSON is made of its records, enums,
     * and interfaces that are sealed or annotated. Other records hold what is no value (a client of S3, a thread pool): such
     * types are passed over, since each method of theirs would draw all that it calls into the executable.
     *
     * @param own begins the names of Cairn's classes
     */
    static Set<Class<?>> ofOwnValue(Class<?> value, String own) {
        return ofValue(value, type -> type.getName().startsWith(own) && isData(type));
    }

    private static boolean isData(Class<?> type) {
        return type.isRecord()
                || type.isEnum()
                || type.isSealed()
                || Stream.of(type.getAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().getName().startsWith(JACKSON));
    }

    private static Set<Class<?>> ofValue(Class<?> value, Predicate<Class<?>> followed) {
        JsonTypes types = new JsonTypes(followed);
        types.lookLaterAt(value);
        return types.follow();
    }

    private void lookAt(Class<?> processor) {
        JavaType whole = mapper.constructType(processor);
        lookLater(whole.findTypeParameters(Processor.class));
        for (JavaType type = whole; type != null; type = type.getSuperClass()) {
            for (Field field : Reflected.fields(type.getRawClass())) {
                JavaType held = mapper.getTypeFactory().resolveMemberType(field.getGenericType(), type.getBindings());
                HOLDERS.forEach(holder -> lookLater(held.findTypeParameters(holder)));
            }
            for (Executable method : Reflected.executables(type.getRawClass())) {
                for (Type parameter : method.getGenericParameterTypes()) {
                    lookLater(mapper.getTypeFactory()
                            .resolveMemberType(parameter, type.getBindings())
                            .findTypeParameters(InputRecord.class));
                }
            }
        }
    }

    private void lookLater(JavaType... types) {
        Stream.of(types).filter(Objects::nonNull).forEach(ahead::add);
    }

    private void lookLaterAt(Class<?> type) {
        lookLater(mapper.constructType(type));
    }

    private Set<Class<?>> follow() {
        while (!ahead.isEmpty()) {
            JavaType type = ahead.remove();
            if (seen.add(type)) {
                look(type);
            }
        }
        return found;
    }

    private void look(JavaType type) {
        Class<?> raw = type.getRawClass();
        lookLater(type.getContentType(), type.getKeyType(), type.getReferencedType());
        type.getBindings().getTypeParameters().forEach(this::lookLater);
        if (raw.isArray() || raw.isPrimitive()) {
            return;
        }
        if (isBuiltIn(raw)) {
            if (isConcreteContainer(raw)) {
                found.add(raw);
            }
            return;
        }
        if (!followed.test(raw) && !made.contains(raw)) {
            return;
        }
        found.add(raw);
        lookLater(type.getSuperClass());
        type.getInterfaces().forEach(this::lookLater);
        if (raw.isSealed()) {
            Reflected.permitted(raw).forEach(this::lookLaterAt);
        }
        JsonAnnotations.classesNamedBy(raw).forEach(this::named);
        if (!raw.isEnum()) {
            properties(type);
        }
    }

    /** Named by an annotation: a subtype, a builder, a (de)serializer, a naming strategy, all made by reflection. */
    private void named(Class<?> type) {
        if (isBuiltIn(type)) {
            found.add(type);
        } else {
            made.add(type);
            lookLaterAt(type);
        }
    }

    private void properties(JavaType type) {
        List.<Supplier<BeanDescription>>of(
                        () -> mapper.getSerializationConfig().introspect(type),
                        () -> mapper.getDeserializationConfig().introspect(type))
                .forEach(view -> {
                    BeanDescription description = refused(view);
                    if (description != null) {
                        properties(description, type);
                    }
                });
    }

    private void properties(BeanDescription view, JavaType type) {
        List<BeanPropertyDefinition> properties = refused(view::findProperties);
        if (properties != null) {
            for (BeanPropertyDefinition property : properties) {
                lookLater(refused(property::getPrimaryType));
                member(property.getField());
                member(refused(property::getGetter));
                member(refused(property::getSetter));
                member(property.getConstructorParameter());
            }
        }
        member(refused(view::findJsonValueAccessor));
        member(refused(view::findAnyGetter));
        member(refused(view::findAnySetterAccessor));
        view.getConstructors().forEach(constructor -> creator(constructor, type));
        view.getFactoryMethods().forEach(method -> creator(method, type));
    }

    private void creator(AnnotatedWithParams creator, JavaType type) {
        if (creator.hasAnnotation(JsonCreator.class)) {
            for (int i = 0; i < creator.getParameterCount(); i++) {
                lookLater(mapper.getTypeFactory().resolveMemberType(creator.getParameterType(i), type.getBindings()));
            }
        }
    }

    private void member(AnnotatedMember member) {
        if (member != null) {
            lookLater(member.getType());
        }
    }

    /** What contradicts itself is refused by Jackson when it is used, on every kind of machine. */
    private static <T> T refused(Supplier<T> question) {
        try {
            return question.get();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isBuiltIn(Class<?> type) {
        return BUILT_IN.stream().anyMatch(type.getName()::startsWith);
    }

    /** Jackson makes some of them by their constructors. */
    private static boolean isConcreteContainer(Class<?> type) {
        return (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type))
                && !Modifier.isAbstract(type.getModifiers());
    }
}
