package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The class that Quarkus generates to tell the builder what its extensions want: read as byte code. */
final class QuarkusFeature {

    private static final String ENTRY = "io/quarkus/runner/Feature.class";
    private static final String INITIALIZATION = "org/graalvm/nativeimage/hosted/RuntimeClassInitialization";

    private QuarkusFeature() {}

    /** The classes that it leaves for run time; none where the jar has no such class. */
    static Set<String> in(Path path) throws IOException {
        Set<String> names = new HashSet<>();
        try (JarFile jar = new JarFile(path.toFile())) {
            ZipEntry entry = jar.getEntry(ENTRY);
            if (entry != null) {
                try (InputStream content = jar.getInputStream(entry)) {
                    new ClassReader(content)
                            .accept(
                                    new ClassVisitor(Opcodes.ASM9) {
                                        @Override
                                        public MethodVisitor visitMethod(
                                                int access,
                                                String name,
                                                String descriptor,
                                                String signature,
                                                String[] exceptions) {
                                            return new Names(names);
                                        }
                                    },
                                    ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
                }
            }
        }
        return names;
    }

    /** It collects classes by their names, and hands all of them over at once. */
    private static final class Names extends MethodVisitor {

        private final Set<String> names;
        private final List<String> pending = new ArrayList<>();
        private String constant;

        Names(Set<String> names) {
            super(Opcodes.ASM9);
            this.names = names;
        }

        @Override
        public void visitLdcInsn(Object value) {
            constant = value instanceof String text ? text : null;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (owner.equals("java/lang/Class") && name.equals("forName") && constant != null) {
                pending.add(constant);
            } else if (owner.equals(INITIALIZATION)) {
                if (name.equals("initializeAtRunTime")) {
                    names.addAll(pending);
                }
                pending.clear();
            }
        }
    }
}
