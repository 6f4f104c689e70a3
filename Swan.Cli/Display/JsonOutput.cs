using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swan.Cli.Display;

/// <summary>One JSON document on standard output, and everything else on standard error.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where lines for people go: not among the JSON.</summary>
    public static TextWriter Notes(bool json) => json ? Console.Error : Console.Out;

    public static void Write(JsonObject document) => Console.Out.WriteLine(document.ToJsonString(Format));

    /// <summary>A number as JSON has it: null where it isn't one.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
