using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet;

/// <summary>A value in JSON is its text, such as <c>"cuda:0"</c> for a <see cref="SwanDevice"/>.</summary>
/// <remarks>Stateless: safe for concurrent use. The text is that of the invariant culture.</remarks>
/// <typeparam name="T">Parses the text from its <see cref="object.ToString"/>, and names the expected forms in an error.</typeparam>
public sealed class TextJsonConverter<T> : JsonConverter<T>
    where T : IParsable<T>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The JSON has no text in quotes, or none that can be parsed.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return Parse(reader.GetString()!);
        (string found, string text) = reader.TokenType switch
        {
            JsonTokenType.StartObject => ("an object", "{"),
            JsonTokenType.StartArray => ("an array", "["),
            // A literal, or a number, which may be of any length.
            _ when reader.HasValueSequence => ("a long number", "a long number"),
            JsonTokenType.Number => ("a number", Encoding.UTF8.GetString(reader.ValueSpan)),
            _ => (Encoding.UTF8.GetString(reader.ValueSpan), Encoding.UTF8.GetString(reader.ValueSpan)),
        };
        throw new JsonException($"Expected a text in quotes; found {found}.{Expected(text)}");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(
            value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString());
    }

    private static T Parse(string text)
    {
        try
        {
            return T.Parse(text, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    // Only the type knows its forms, and it names them when it refuses a text. A text that can be read lacks only the quotes.
    private static string Expected(string text)
    {
        try
        {
            _ = Parse(text);
            return "";
        }
        catch (JsonException e)
        {
            return $" {e.Message}";
        }
    }
}
