using System.Text.Json.Serialization;

namespace Swan.Batch.Output;

/// <summary><c>manifest.json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
