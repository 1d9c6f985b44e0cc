/** Says of each line "PATTERN \t VALUE" whether the whole value matches, as CloudFormation asks Java. */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

public class TryPatterns {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split("\t", -1);
            System.out.println(Pattern.compile(parts[0]).matcher(parts[1]).matches());
        }
    }
}
