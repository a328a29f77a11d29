package dev.cairn.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which version of Cairn this is; the application around it may have one of its own. */
public final class Version {

    /** As the build names it, such as {@code 0.1.0}. */
    public static final String VERSION = read();

    private Version() {}

    private static String read() {
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties cannot be read from Cairn's jar", e);
        }
    }
}
