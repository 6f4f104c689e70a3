using System.Text.Json.Serialization;

namespace Swan.MLNet.Transforms;

/// <summary>How the steps' options are written into saved pipelines, without reflection.</summary>
[JsonSerializable(typeof(SwanEmbeddingOptions))]
[JsonSerializable(typeof(SwanSearchOptions))]
[JsonSerializable(typeof(SwanZeroShotOptions))]
internal sealed partial class StepOptionsJson : JsonSerializerContext;
