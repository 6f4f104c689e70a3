using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>A <see cref="SampleRange"/> in JSON is its text: <c>"full"</c>, <c>"percentile 2 98"</c> or <c>"values 0 3000"</c>.</summary>
public sealed class SampleRangeJsonConverter : JsonConverter<SampleRange>
{
    /// <inheritdoc/>
    public override SampleRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return SampleRange.TryParse(text, out SampleRange? range)
            ? range
            : throw new JsonException($"A range of samples is {SampleRange.Forms}, not {text ?? reader.TokenType.ToString()}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SampleRange value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.ToString());
    }
}
