using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet;

/// <summary>A value in JSON is its text, such as <c>"cuda:0"</c> for a <see cref="SwanDevice"/>.</summary>
/// <remarks>Stateless: safe for concurrent use.</remarks>
/// <typeparam name="T">Parses what its <see cref="object.ToString"/> gives, and says in an error what is expected.</typeparam>
public sealed class TextJsonConverter<T> : JsonConverter<T>
    where T : IParsable<T>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The JSON has no text, or none that can be parsed.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        bool isText = reader.TokenType == JsonTokenType.String;
        string text = isText ? reader.GetString()! : $"a JSON {reader.TokenType}"; // which no value's text is
        try
        {
            return T.Parse(text, null);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.ToString());
    }
}
