package dev.cairn.settings;

/**
 * A setting as it may be shown.
 *
 * @param key its name
 * @param value what it is, or {@code ******} where that is a secret
 * @param source what says so; {@code default} where no one does
 * @param isDefault whether it is what counts where no one sets it
 */
public record ShownSetting(String key, String value, String source, boolean isDefault) {}
