using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.MLNet.Transforms;

namespace Microsoft.ML;

// Zero-shot: images labeled with classes that are given as words.
public static partial class SwanPipelineExtensions
{
    /// <summary>Makes a step that labels images with classes given as words, with the model inside this library.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's
    /// words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="SwanTextException">
    /// The model knows no word of a class or can't tell classes apart, or a template gives all classes the same tokens; the message names
    /// them.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="SwanDeviceException">ONNX Runtime's native library is missing.</exception>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName,
        SwanZeroShotOptions options)
        => SwanZeroShotEstimator.From(MlNetEnvironment.Get(catalog), labelOutputColumnName, scoresOutputColumnName, inputColumnName,
            options);

    /// <summary>Makes a step that labels images with classes given as words, with a model file.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's
    /// words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="modelPath">The <c>.swan</c> file that embedded the images. It is read now, to embed the classes, and not needed
    /// afterward.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="SwanTextException">
    /// The model knows no word of a class or can't tell classes apart, or a template gives all classes the same tokens; the message names
    /// them.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName,
        string modelPath, SwanZeroShotOptions options)
        => SwanZeroShotEstimator.From(MlNetEnvironment.Get(catalog), labelOutputColumnName, scoresOutputColumnName, inputColumnName,
            modelPath, options);

    /// <summary>Makes a step that labels images with classes given as words, with an open model.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's
    /// words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="model">The model that embedded the images; it may be disposed afterward.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="SwanTextException">
    /// The model knows no word of a class or can't tell classes apart, or a template gives all classes the same tokens; the message names
    /// them.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName,
        SwanModel model, SwanZeroShotOptions options)
        => SwanZeroShotEstimator.From(MlNetEnvironment.Get(catalog), labelOutputColumnName, scoresOutputColumnName, inputColumnName, model,
            options);

    /// <summary>Appends the step of <see cref="SwanZeroShot(TransformsCatalog, string, string, string, SwanZeroShotOptions)"/>.</summary>
    /// <param name="pipeline">The steps before, such as <c>SwanEmbedding</c> with the same model.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's
    /// words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="SwanTextException">
    /// The model knows no word of a class or can't tell classes apart, or a template gives all classes the same tokens; the message names
    /// them.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="SwanDeviceException">ONNX Runtime's native library is missing.</exception>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName,
        string inputColumnName, SwanZeroShotOptions options)
        => pipeline.Append(Transforms(context).SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, options));

    /// <summary>Appends the step of
    /// <see cref="SwanZeroShot(TransformsCatalog, string, string, string, string, SwanZeroShotOptions)"/>.</summary>
    /// <param name="pipeline">The steps before, such as <c>SwanEmbedding</c> with the same model.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's
    /// words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="modelPath">The <c>.swan</c> file that embedded the images. It is read now, to embed the classes, and not needed
    /// afterward.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="SwanTextException">
    /// The model knows no word of a class or can't tell classes apart, or a template gives all classes the same tokens; the message names
    /// them.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName,
        string inputColumnName, string modelPath, SwanZeroShotOptions options)
        => pipeline.Append(Transforms(context).SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, modelPath,
            options));

    /// <summary>Appends the step of
    /// <see cref="SwanZeroShot(TransformsCatalog, string, string, string, SwanModel, SwanZeroShotOptions)"/>.</summary>
    /// <param name="pipeline">The steps before, such as <c>SwanEmbedding</c> with the same model.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's
    /// words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="model">The model that embedded the images; it may be disposed afterward.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="SwanTextException">
    /// The model knows no word of a class or can't tell classes apart, or a template gives all classes the same tokens; the message names
    /// them.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName,
        string inputColumnName, SwanModel model, SwanZeroShotOptions options)
        => pipeline.Append(Transforms(context).SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, model,
            options));
}
