using Swan.Batch;
using Swan.MLNet;

namespace Microsoft.ML;

/// <summary>Batch jobs on <c>mlContext.Swan()</c>.</summary>
public static class SwanBatchCatalog
{
    /// <summary>Creates a job that embeds any number of images into Parquet files.</summary>
    /// <param name="catalog"><c>mlContext.Swan()</c>.</param>
    /// <param name="options">The images, the output and the settings; copied.</param>
    /// <returns>The job; <see cref="BatchJob.RunAsync"/> starts it.</returns>
    /// <exception cref="SwanOptionsException">Options are missing or out of range; all are named.</exception>
    public static BatchJob Batch(this SwanCatalog catalog, BatchJobOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new BatchJob(catalog.Context, options);
    }

    /// <inheritdoc cref="Batch(SwanCatalog, BatchJobOptions)" path="/*[not(self::param)]"/>
    /// <param name="catalog"><c>mlContext.Swan()</c>.</param>
    /// <param name="configure">Sets the options.</param>
    public static BatchJob Batch(this SwanCatalog catalog, Action<BatchJobOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new BatchJobOptions();
        configure(options);
        return catalog.Batch(options);
    }
}
