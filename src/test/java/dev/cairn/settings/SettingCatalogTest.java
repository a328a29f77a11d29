package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class SettingCatalogTest {

    @Test
    void shouldListEverySettingThatItDefines() throws IllegalAccessException {
        // Given
        List<Object> defined = new ArrayList<>();
        for (Field field : SettingCatalog.class.getDeclaredFields()) {
            if (field.getType() == Setting.class) {
                defined.add(field.get(null));
            }
        }

        // Then
        assertThat(defined).isNotEmpty();
        assertThat(SettingCatalog.all()).hasSameSizeAs(defined).hasSameElementsAs(castAll(defined));
    }

    @Test
    void shouldGiveEachNameToOneSetting() {
        // When
        List<String> names =
                SettingCatalog.all().stream().flatMap(Setting::spellings).toList();

        // Then
        assertThat(names).doesNotHaveDuplicates();
    }

    private static List<Setting<?>> castAll(List<Object> settings) {
        return settings.stream()
                .<Setting<?>>map(setting -> (Setting<?>) setting)
                .toList();
    }
}
