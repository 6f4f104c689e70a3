using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.Models;

namespace Swan.MLNet;

/// <summary>Swan's additions to an <see cref="MLContext"/> besides pipeline steps; <c>mlContext.Swan()</c> returns it.</summary>
/// <remarks>Holds no state of its own; safe for concurrent use.</remarks>
public sealed partial class SwanCatalog
{
    internal SwanCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    internal IHostEnvironment Environment => Context;

    /// <summary>Opens a model file, to embed single images and captions or to share it between pipelines.</summary>
    /// <param name="path">The <c>.swan</c> file.</param>
    /// <param name="options">Device, threads and how images are decoded; the default uses a GPU if one works.</param>
    /// <returns>The model, which the caller disposes.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public SwanModel LoadModel(string path, SwanModelOptions? options = null)
    {
        SwanModel model = SwanModel.Open(path, options);
        DataViews.MlNetEnvironment.Info(DataViews.MlNetEnvironment.Host(Environment, "Swan"), "LoadModel",
            $"'{model.Card.Name}' runs on {model.DeviceReport}");
        return model;
    }
}
