using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Datasets;

/// <summary>A <see cref="SplitRule"/> in JSON is its text, such as <c>"scene"</c>.</summary>
public sealed class SplitRuleJsonConverter : JsonConverter<SplitRule>
{
    /// <inheritdoc/>
    public override SplitRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"A way to divide images is a text, {SplitRule.Forms}, but the JSON has a {reader.TokenType}.");
        try
        {
            return SplitRule.Parse(reader.GetString()!);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SplitRule value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.ToString());
    }
}
