package dev.cairn.settings;

import java.util.stream.Collectors;

/** The catalog as {@code docs/reference/settings.md} shows it. */
final class SettingsTable {

    private SettingsTable() {}

    /** A table in Markdown, without a line break at its end. */
    static String markdown() {
        return SettingCatalog.all().stream()
                .map(SettingsTable::row)
                .collect(Collectors.joining(
                        "\n", "| setting (other spelling) | default | meaning |\n| --- | --- | --- |\n", ""));
    }

    private static String row(Setting<?> setting) {
        String other = setting.newSpelling().map(name -> " (`" + name + "`)").orElse("");
        return "| `%s`%s | %s | %s |"
                .formatted(setting.name(), other, setting.fallback().shown(), setting.description());
    }
}
