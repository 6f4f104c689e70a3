using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>How a card is serialized without reflection, which trimmed and file-based programs don't have.</summary>
[JsonSerializable(typeof(ModelCard))]
internal sealed partial class ModelCardJsonContext : JsonSerializerContext;
