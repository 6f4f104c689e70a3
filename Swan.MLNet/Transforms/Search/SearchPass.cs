using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>One pass over queries.</summary>
internal sealed class SearchPass(DataViewRow row, EmbeddingColumn input, SwanGallery gallery, SwanSearchOptions options, IHost host)
    : RowPass
{
    /// <summary>Rows that had no embedding so far.</summary>
    public long Missing { get; set; }

    public override RowBatch CreateBatch(int capacity) => new SearchBatch(this, input, row, gallery, options, capacity);

    /// <summary>Reports what was met, once.</summary>
    public override void Dispose()
    {
        if (Missing == 0) return;
        MlNetEnvironment.Warning(
            host,
            "Search",
            $"{Missing} rows had no embedding (a value was missing or infinite, or all were zero) and got no results.");
        Missing = 0;
    }
}
