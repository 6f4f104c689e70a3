using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.Training;
using Swan.Training.Native;
using TorchSharp;

namespace Swan.Cli.Doctor;

/// <summary>Runs what swan runs, in seconds: the included model on a drawn image and captions, and a convolution of libtorch.</summary>
internal static class SelfTest
{
    private const int Side = 224;
    private const double UnitTolerance = 1e-3;

    /// <summary>Embeds with the included model.</summary>
    public static Finding Model()
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            using SwanModel model = SwanModel.OpenDefault(new SwanModelOptions { Device = SwanDevice.Auto });
            float[] image = model.EmbedImage(Draw());
            float[] planes = model.EmbedCaption("many planes are parked next to a terminal"),
                airport = model.EmbedCaption("an airport with planes");
            float[] forest = model.EmbedCaption("a green forest");
            float[] products = [TensorPrimitives.Dot(image, image), TensorPrimitives.Dot(planes, planes),
                TensorPrimitives.Dot(forest, forest)];
            // Wrong kernels give other numbers, not errors: unit length and the nearer meaning would not survive.
            if (!products.All(p => Math.Abs(p - 1) < UnitTolerance)
                || TensorPrimitives.Dot(planes, airport) <= TensorPrimitives.Dot(planes, forest))
            {
                return new("self-test", FindingState.Problem, "The included model gives wrong embeddings on this machine.",
                    "Use --device cpu in other commands. If their results are wrong too, report it with this output.");
            }

            return new("self-test", FindingState.Ok, string.Create(CultureInfo.InvariantCulture,
                $"{model.Card.Name} embedded an image and 3 captions in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s on "
                    + $"{model.DeviceReport}"));
        }
        catch (SwanException e)
        {
            return new("self-test", FindingState.Problem, e.Message, "Fix the problems above, then run 'swan doctor' again.");
        }
    }

    /// <summary>Convolves with libtorch and compares with another implementation.</summary>
    public static Finding Convolution()
    {
        try
        {
            OneDnn.ThrowIfConvolutionsAreWrong();
            return OneDnn.ChannelsLastIsRight
                ? new("convolution", FindingState.Ok, "libtorch convolves correctly")
                : new("convolution", FindingState.Note,
                    "libtorch convolves correctly, but not with channels last: this processor hides its caches from oneDNN",
                    "Training is slower than on a machine that shows them. No action is needed.");
        }
        catch (SwanTrainingException e)
        {
            return new("convolution", FindingState.Problem, e.Message, "Set ONEDNN_MAX_CPU_ISA=AVX2.");
        }
    }

    /// <summary>Whether libtorch sees a GPU.</summary>
    public static bool LibTorchHasCuda() => torch.cuda.is_available();

    // Fields beside a road: some edges and colors, so that no value is trivially zero.
    private static RgbImage Draw()
    {
        byte[] pixels = new byte[Side * Side * 3];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                bool road = Math.Abs(x - y) < 12;
                int at = 3 * ((y * Side) + x);
                pixels[at] = (byte)(road ? 128 : 40 + (x / 56 * 30));
                pixels[at + 1] = (byte)(road ? 128 : 90 + (y / 56 * 25));
                pixels[at + 2] = (byte)(road ? 128 : 50);
            }
        }

        return new RgbImage(Side, Side, pixels);
    }
}
