using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Swan.MLNet.Datasets;

/// <summary>Reads a JSON text in which half a surrogate pair is U+FFFD, as it is wherever else captions come from.</summary>
/// <remarks>
/// Python's <c>json.dumps</c> writes <c>"\ud83d"</c> of a text that was cut within a character. <see cref="Utf8JsonReader"/> refuses that.
/// </remarks>
internal sealed partial class JsonText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // The readers of data sets have the whole text in memory, so a value is never in parts.
            string whole = Surrogates().Replace(
                Encoding.UTF8.GetString(reader.ValueSpan), static m => m.Groups["half"].Success ? @"\ufffd" : m.Value);
            var again = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{whole}\""));
            again.Read();
            return again.GetString();
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    // Pairs and other escapes are passed over; what is left of the range is a half.
    [GeneratedRegex(
        @"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
        RegexOptions.CultureInvariant)]
    private static partial Regex Surrogates();
}
