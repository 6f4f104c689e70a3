using System.Text.Json.Serialization;

namespace Swan.MLNet.Datasets;

/// <summary>What the readers take from data sets' JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, Converters = [typeof(JsonText)])]
[JsonSerializable(typeof(JsonLinesReader.Entry), TypeInfoPropertyName = "Line")]
[JsonSerializable(typeof(RsicdJsonReader.Entry), TypeInfoPropertyName = "RsicdImage")]
internal sealed partial class DatasetJson : JsonSerializerContext;
