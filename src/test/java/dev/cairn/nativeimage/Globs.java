package dev.cairn.nativeimage;

/** Globs of the builder's configuration: {@code *} is anything in a directory, {@code **} anything. */
final class Globs {

    private Globs() {}

    static String toRegex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*' && i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
                boolean directories = i + 2 < glob.length() && glob.charAt(i + 2) == '/';
                regex.append(directories ? "(?:.*/)?" : ".*");
                i += directories ? 2 : 1;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (Character.isLetterOrDigit(c)) {
                regex.append(c);
            } else {
                regex.append('\\').append(c);
            }
        }
        return regex.toString();
    }
}
