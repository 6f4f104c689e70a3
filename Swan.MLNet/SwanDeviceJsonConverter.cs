using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.MLNet;

/// <summary>A <see cref="SwanDevice"/> in JSON is its text: <c>"auto"</c>, <c>"cpu"</c> or <c>"cuda:0"</c>.</summary>
public sealed class SwanDeviceJsonConverter : JsonConverter<SwanDevice>
{
    /// <inheritdoc/>
    public override SwanDevice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"A device is a text such as \"auto\", \"cpu\" or \"cuda:0\", but the JSON has a {reader.TokenType}.");
        try
        {
            return SwanDevice.Parse(reader.GetString()!);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SwanDevice value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}
