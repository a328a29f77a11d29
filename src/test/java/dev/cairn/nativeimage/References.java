package dev.cairn.nativeimage;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What a class refers to, by its constants and by what it declares. Names are as in class files.
 *
 * @param types also those that only a descriptor of a method or a field names
 * @param members methods that it calls, and fields that it reads or writes
 */
record References(Set<String> types, Set<Member> members) {

    private static final int CLASS_TAG = 7;
    private static final int FIELD_TAG = 9;
    private static final int INTERFACE_METHOD_TAG = 11;
    private static final int NAME_AND_TYPE_TAG = 12;
    private static final int METHOD_TYPE_TAG = 16;

    /** @param member with its descriptor, as {@link LinkableClasses#member} writes it */
    record Member(String owner, String member) {}

    static References of(ClassReader content) {
        References references = new References(new HashSet<>(), new HashSet<>());
        references.addConstants(content);
        content.accept(references.new Declared(), ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
        return references;
    }

    private void addConstants(ClassReader content) {
        char[] buffer = new char[content.getMaxStringLength()];
        for (int item = 1; item < content.getItemCount(); item++) {
            int offset = content.getItem(item);
            int tag = offset == 0 ? 0 : content.readByte(offset - 1);
            if (tag == CLASS_TAG) {
                add(Type.getObjectType(content.readUTF8(offset, buffer)));
            } else if (tag == NAME_AND_TYPE_TAG) {
                addDescriptor(content.readUTF8(offset + 2, buffer));
            } else if (tag == METHOD_TYPE_TAG) {
                addDescriptor(content.readUTF8(offset, buffer));
            } else if (tag >= FIELD_TAG && tag <= INTERFACE_METHOD_TAG) {
                int nameAndType = content.getItem(content.readUnsignedShort(offset + 2));
                members.add(new Member(
                        content.readClass(offset, buffer),
                        LinkableClasses.member(
                                content.readUTF8(nameAndType, buffer), content.readUTF8(nameAndType + 2, buffer))));
            }
        }
    }

    private void addDescriptor(String descriptor) {
        Type type = Type.getType(descriptor);
        if (type.getSort() == Type.METHOD) {
            Stream.of(type.getArgumentTypes()).forEach(this::add);
            add(type.getReturnType());
        } else {
            add(type);
        }
    }

    private void add(Type type) {
        Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
        if (element.getSort() == Type.OBJECT) {
            types.add(element.getInternalName());
        }
    }

    private final class Declared extends ClassVisitor {

        Declared() {
            super(Opcodes.ASM9);
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
            addDescriptor(descriptor);
            return null;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            addDescriptor(descriptor);
            return null;
        }
    }
}
