using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.Training.Export;
using Swan.Training.Losses;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

/// <summary>What a GPU has to do as the CPU does it.</summary>
public sealed class DevicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(TorchDevices.All), MemberType = typeof(TorchDevices))]
    public void The_network_gives_the_vectors_that_the_CPU_gives(string device)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        SwanNetworkOptions options = TinyRun.Options.Network with { VocabularyRows = 40 };
        using SwanNetwork here = SwanNetwork.Create(options), there = SwanNetwork.Create(options);
        here.eval();
        there.eval();
        there.to(device);
        Tensor pixels = tensor(FormulaWeights.Uniform("pixels", 2 * 64 * 64 * 3)).view(2, 64, 64, 3).permute(0, 3, 1, 2);
        Tensor ids = tensor(new long[] { 1, 2, 3, 4, 5, 6, 7, 0 }).view(2, 4), lengths = tensor(new long[] { 4, 3 });

        Assert.True(here.EncodeImages(pixels).allclose(there.EncodeImages(pixels.to(device)).cpu(), rtol: 1e-3, atol: 1e-4));
        Assert.True(here.EncodeCaptions(ids, lengths).allclose(
            there.EncodeCaptions(ids.to(device), lengths).cpu(), rtol: 1e-3, atol: 1e-4));
    }

    [Theory]
    [MemberData(nameof(TorchDevices.All), MemberType = typeof(TorchDevices))]
    public void A_run_is_validated_resumed_and_exported(string device)
    {
        (CaptionedImageSet Train, CaptionedImageSet Validation) data = TinyData.Open(_folder.File("data"));
        SwanTrainerOptions options = TinyRun.Options with
        {
            Device = SwanDevice.Parse(device),
            Loss = LossKind.InfoNce,
            EmaDecay = 0.9,
            GradientClip = 1,
            Epochs = 2,
        };
        string whole = _folder.File("whole"), parts = _folder.File("parts"), model = _folder.File("model.swan");
        TrainingResult expected = TinyRun.Train(options, data, whole);
        TinyRun.TrainSteps(TinyRun.StepsPerEpoch + 1, options, data, parts);
        TrainingResult resumed = TinyRun.Train(options, data, parts, resume: true);

        Assert.Equal(expected.Epochs.Count, resumed.Epochs.Count);
        Assert.All(expected.Epochs.Zip(resumed.Epochs), e => Assert.Equal(e.First.Loss, e.Second.Loss, tolerance: 1e-3));
        Assert.NotNull(resumed.Best);
        // A GPU adds up in no fixed order.
        if (device == "cpu") TinyRun.AssertEqual(whole, parts);

        SwanExporter.Export(resumed.Run, model);
        using SwanModel exported = SwanModel.Open(model);
        Assert.Equal(options.Network.EmbeddingSize, exported.Card.EmbeddingSize);
    }
}
