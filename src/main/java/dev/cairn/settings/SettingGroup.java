package dev.cairn.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.eclipse.microprofile.config.Config;

import dev.cairn.settings.Setting.Fallback;
import dev.cairn.settings.Setting.Parser;

/** Settings that belong together, in the order in which documents show them. */
final class SettingGroup {

    private final List<Setting<?>> settings = new ArrayList<>();
    private final Consumer<SettingRules> rules;

    SettingGroup() {
        this(rules -> {});
    }

    /** @param rules what its settings demand of each other */
    SettingGroup(Consumer<SettingRules> rules) {
        this.rules = rules;
    }

    <T> Setting<T> add(String name, Fallback fallback, String description, Parser<T> parser) {
        return add(new Setting<>(name, Optional.empty(), fallback, description, parser, false));
    }

    <T> Setting<T> add(String name, String newSpelling, Fallback fallback, String description, Parser<T> parser) {
        return add(new Setting<>(name, Optional.of(newSpelling), fallback, description, parser, false));
    }

    <T> Setting<T> add(Setting<T> setting) {
        settings.add(setting);
        return setting;
    }

    List<Setting<?>> all() {
        return Collections.unmodifiableList(settings);
    }

    /** Checks the rules about its settings, as far as these can be used. */
    void check(SettingRules values) {
        rules.accept(values);
    }

    /** Reads and checks them. @throws SettingsException if any cannot be used; it lists all problems */
    SettingValues read(Config config) {
        var findings = new Findings();
        var values = new SettingValues(config, findings);
        settings.forEach(values::find);
        check(new SettingRules(values, findings));
        findings.throwIfAnyProblem();
        return values;
    }
}
