using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Swan.Batch.Settings;

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
[JsonSerializable(typeof(KeptLine))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class RunJson : JsonSerializerContext
{
    // Not made when the class is: what the generator adds to it may come later.
    private static readonly Lazy<RunJson> s_line = new(() => new RunJson(With(indented: false)));
    private static readonly Lazy<RunJson> s_document = new(() => new RunJson(With(indented: true)));

    /// <summary>One line, with paths as they are, so that grep finds them.</summary>
    public static RunJson Line => s_line.Value;

    /// <summary>For documents that people read.</summary>
    public static RunJson Document => s_document.Value;

    private static JsonSerializerOptions With(bool indented) =>
        new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = indented };
}
