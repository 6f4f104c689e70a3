using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Swan.MLNet.DataViews;

/// <summary>Data without rows: enough to follow a pipeline's schemas.</summary>
internal static class EmptyData
{
    public static IDataView Create(IHostEnvironment environment, DataViewSchema schema) => new EmptyDataView(environment, schema);
}
