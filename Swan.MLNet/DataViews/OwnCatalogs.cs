using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Swan.MLNet.DataViews;

/// <summary>ML.NET's catalogs for Swan's own use inside a caller's <see cref="MLContext"/>.</summary>
/// <remarks>
/// They share its log, component catalog, temporary folder and devices, but have their own random generator: Swan's helper components must
/// not affect the caller's trainers under <c>MLContext(seed)</c>. Safe for concurrent use as far as ML.NET's catalogs are.
/// </remarks>
internal sealed class OwnCatalogs
{
    /// <summary>Opens the catalogs.</summary>
    /// <param name="context">The caller's.</param>
    public OwnCatalogs(MLContext context)
    {
        Host = MlNetEnvironment.Host(context, "Swan");
        Data = new DataOperationsCatalog(Host);
        Model = new ModelOperationsCatalog(Host);
        Transforms = new TransformsCatalog(Host);
    }

    /// <summary>What the catalogs' components are registered with.</summary>
    public IHost Host { get; }

    public DataOperationsCatalog Data { get; }

    public ModelOperationsCatalog Model { get; }

    public TransformsCatalog Transforms { get; }
}
