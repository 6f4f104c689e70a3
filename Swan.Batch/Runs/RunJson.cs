using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.Batch.Runs;

/// <summary>The JSON of runs, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunPlan))]
[JsonSerializable(typeof(RunOutcome))]
[JsonSerializable(typeof(ShardRecord))]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(JobSettings))]
[JsonSerializable(typeof(InputLine))]
[JsonSerializable(typeof(StateLine))]
[JsonSerializable(typeof(GoneLine))]
internal sealed partial class RunJson : JsonSerializerContext
{
    /// <summary>One line, with paths as they are, so that grep finds them.</summary>
    public static RunJson Line { get; } = new(With(indented: false));

    /// <summary>For documents that people read.</summary>
    public static RunJson Document { get; } = new(With(indented: true));

    private static JsonSerializerOptions With(bool indented) =>
        new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = indented };
}
