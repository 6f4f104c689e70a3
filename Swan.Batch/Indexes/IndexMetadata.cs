using System.Text.Json;
using System.Text.Json.Serialization;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.Batch.Indexes;

/// <summary>What the key-value metadata of a Parquet file says of its rows.</summary>
/// <param name="Model">Null where it doesn't say.</param>
/// <param name="Range">How images were read; null where it doesn't say.</param>
/// <param name="Columns">The types of columns by name; a column that isn't there has its Parquet type's.</param>
internal sealed record IndexMetadata(ModelIdentity? Model, GivenRange? Range, IReadOnlyDictionary<string, SwanColumnType> Columns)
{
    // The first two as batch jobs write them.
    private const string ModelName = "swan.model_name", Fingerprint = "swan.model_fingerprint", RangeKey = "swan.range",
        SamplesKey = "swan.samples", ColumnsKey = "swan.columns";

    /// <summary>What a snapshot's file says.</summary>
    public static Dictionary<string, string> Of(SwanIndexSnapshot snapshot)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ColumnsKey] = JsonSerializer.Serialize(
                snapshot.Columns.ToDictionary(c => c.Name, c => c.Type.ToString()), IndexMetadataJson.Default.DictionaryStringString),
        };
        if (snapshot.Model is { } model) (metadata[ModelName], metadata[Fingerprint]) = (model.Name, model.Fingerprint);
        if (snapshot.GivenRange is { } range) metadata[RangeKey] = range.Text;
        if (snapshot.GivenRange?.Samples is { } samples) metadata[SamplesKey] = samples.Text;
        return metadata;
    }

    /// <summary>What a file says; what can't be understood is not said.</summary>
    public static IndexMetadata Read(IReadOnlyDictionary<string, string> metadata)
    {
        ModelIdentity? model = metadata.TryGetValue(ModelName, out string? name) && metadata.TryGetValue(Fingerprint, out string? print)
            ? new ModelIdentity(name, print)
            : null;
        GivenRange? range = null;
        if (metadata.TryGetValue(RangeKey, out string? text)) GivenRange.TryParse(text, out range);
        if (range is not null && metadata.TryGetValue(SamplesKey, out text)) range = range with { Samples = GivenSamples.Parse(text) };
        var columns = new Dictionary<string, SwanColumnType>(StringComparer.Ordinal);
        foreach ((string column, string type) in ColumnsOf(metadata.GetValueOrDefault(ColumnsKey)))
        {
            if (Enum.TryParse(type, out SwanColumnType known) && Enum.IsDefined(known)) columns[column] = known;
        }
        return new IndexMetadata(model, range, columns);
    }

    private static Dictionary<string, string> ColumnsOf(string? json)
    {
        try
        {
            return json is null ? [] : JsonSerializer.Deserialize(json, IndexMetadataJson.Default.DictionaryStringString) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

/// <summary>The columns' types as JSON, without reflection.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class IndexMetadataJson : JsonSerializerContext;
