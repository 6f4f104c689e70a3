using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.Batch.Reports;

/// <summary>The JSON of reports, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    // Not made when the class is: what the generator adds to it may come later.
    private static readonly Lazy<ReportJson> s_document = new(() => new ReportJson(Indented()));

    /// <summary>For documents that people read.</summary>
    public static ReportJson Document => s_document.Value;

    private static JsonSerializerOptions Indented() =>
        new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };
}
