using Swan.MLNet.Imaging;
using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>Appends a backbone in evaluation mode to an ONNX graph.</summary>
/// <param name="graph">Receives the nodes.</param>
/// <param name="weights">The backbone's, by the names that they have within it.</param>
/// <param name="pixels">float32, N×3×S×S, normalized (mean and standard deviation).</param>
/// <param name="side">S.</param>
internal delegate BackboneValues AppendBackbone(OnnxGraph graph, TrainedWeights weights, string pixels, int side);

/// <summary>All that the image tower, training and export know of a backbone.</summary>
/// <param name="Name">Its name in options, on the command line and in model cards.</param>
/// <param name="Create">Builds it with random weights.</param>
/// <param name="Preprocessing">What its pretrained weights expect of an image; the size is the network's.</param>
/// <param name="CheckpointPrefix">Its name within the image tower of a checkpoint; backbones of one layout share it.</param>
/// <param name="AppendOnnx">Its ONNX form.</param>
internal sealed record BackboneSpec(
    string Name, Func<Backbone> Create, ImagePreprocessing Preprocessing, string CheckpointPrefix, AppendBackbone AppendOnnx)
{
    /// <summary>Its name in a checkpoint of the whole network, such as <c>image_encoder.resnet</c>.</summary>
    public string CheckpointName => $"image_encoder.{CheckpointPrefix}";
}
