using System.Text.Json;
using System.Text.Json.Serialization;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Transforms;

/// <summary>A filter in the JSON of options: its text.</summary>
internal sealed class SearchFilterJson : JsonConverter<SwanFilter>
{
    public override SwanFilter? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("A filter is written as text.");
        try
        {
            return SwanFilter.Parse(reader.GetString()!);
        }
        catch (SwanFilterException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, SwanFilter value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
