using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>A <see cref="SampleRange"/> as a JSON string.</summary>
internal sealed class SampleRangeJsonConverter : JsonConverter<SampleRange>
{
    public override SampleRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return SampleRange.TryParse(text, out SampleRange? range)
            ? range
            : throw new JsonException(
                "A range of samples is 'full' or 'percentile LOW HIGH' with two numbers from 0 to 100, "
                + $"not {text ?? reader.TokenType.ToString()}.");
    }

    public override void Write(Utf8JsonWriter writer, SampleRange value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
