using System.Numerics.Tensors;
using System.Security.Cryptography;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.Training.DataLoading;
using Swan.Training.Export;
using TorchSharp;

namespace Swan.Training.Tests.Training;

public sealed class TeachersTests : IDisposable
{
    private static readonly SwanTrainerOptions Taught = TinyRun.Options with { Loss = LossKind.InfoNce, SoftTargets = 0.6 };

    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public TeachersTests() => _data = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(10_000, 2_200_000, 4 * 256, true)]
    [InlineData(3_000_000, 10, 1024, true)]
    [InlineData(100_000, 500_000, 4 * 256, false)]
    public void More_values_than_an_array_holds_are_refused_by_name(int images, int captions, int width, bool tooMany)
    {
        if (!tooMany)
        {
            TeacherEmbeddings.ThrowIfTooMany(images, captions, width);
            return;
        }
        string message = Assert.Throws<SwanTrainingException>(() => TeacherEmbeddings.ThrowIfTooMany(images, captions, width)).Message;
        Assert.Contains($"{captions:N0} different captions", message, StringComparison.Ordinal);
        Assert.Contains("Give fewer teachers", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Teachers_of_different_widths_agree_on_the_mean_of_their_cosines()
    {
        string[] teachers = [Teacher("one", seed: 1, width: 16), Teacher("two", seed: 2, width: 32)];
        TeacherEmbeddings asked = TeacherEmbeddings.Ask(
            teachers, _data.Train, SwanDevice.Cpu, threads: 1, _ => { }, TestContext.Current.CancellationToken);
        (int Image, int Caption)[] pairs = [(3, 10), (0, 2), (11, 35), (5, 15)];
        using var batch = new TrainingBatch(epoch: 0, index: 0, count: pairs.Length, imageSize: 2, length: 3);
        for (int i = 0; i < pairs.Length; i++) (batch.Images[i], batch.Captions[i]) = (pairs[i].Image, pairs[i].Caption);

        using DisposeScope scope = torch.NewDisposeScope();
        float[] seen = [.. asked.Similarity(batch, torch.CPU).data<float>()];

        SwanModel[] models = [.. teachers.Select(t => SwanModel.Open(t))];
        for (int i = 0; i < pairs.Length; i++)
        {
            for (int j = 0; j < pairs.Length; j++)
            {
                float mean = models.Average(m => TensorPrimitives.Dot(
                    m.EmbedImage(_data.Train.Images[pairs[i].Image].ImagePath), m.EmbedCaption(_data.Train.Captions[pairs[j].Caption])));
                Assert.Equal(mean, seen[i * pairs.Length + j], tolerance: 1e-5f);
            }
        }

        foreach (SwanModel model in models) model.Dispose();
    }

    [Fact]
    public void A_taught_run_learns_otherwise_and_equals_itself_when_it_was_stopped_and_resumed()
    {
        SwanTrainerOptions options = Taught with { Teachers = [Teacher("one", seed: 1), Teacher("two", seed: 2)] };
        string alone = _folder.File("alone"), whole = _folder.File("whole"), parts = _folder.File("parts");
        TinyRun.Train(Taught, _data, alone);
        TinyRun.Train(options, _data, whole);
        Assert.NotEqual(TinyRun.Metrics(alone)[0], TinyRun.Metrics(whole)[0]);

        TinyRun.TrainSteps(TinyRun.StepsPerEpoch + 1, options, _data, parts);
        TinyRun.Train(options, _data, parts, resume: true);

        TinyRun.AssertEqual(whole, parts);
        string card = _folder.File("whole.swan");
        SwanExporter.Export(SwanRun.Open(whole), card);
        Assert.Equal($"one.swan ({Hash(options.Teachers[0])}), two.swan ({Hash(options.Teachers[1])})",
            SwanModelFile.Read(card).Card.Training["teachers"]);

        static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..8];
    }

    [Fact]
    public void A_run_whose_teacher_has_changed_is_not_resumed()
    {
        string teacher = Teacher("one", seed: 1), run = _folder.File("run");
        SwanTrainerOptions options = Taught with { Teachers = [teacher] };
        TinyRun.TrainSteps(1, options, _data, run);
        File.Copy(Teacher("two", seed: 2), teacher, overwrite: true);

        string message = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(options, _data, run, resume: true)).Message;

        Assert.Contains("its teachers were one.swan (", message, StringComparison.Ordinal);
        Assert.Contains("and are now one.swan (", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_that_has_learned_what_the_run_is_measured_on_is_refused_and_teaches_a_run_that_measures_nothing()
    {
        SwanTrainerOptions all = TinyRun.Options with { Epochs = 1, TrainOnValidation = true };
        string teacher = _folder.File("all.swan");
        SwanExporter.Export(TinyRun.Train(all, _data, _folder.File("all.run")).Run, teacher);
        SwanTrainerOptions options = Taught with { Epochs = 1, Teachers = [teacher] };

        string message = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(options, _data, _folder.File("run"))).Message;
        Assert.Contains("all.swan' has learned from 6 of the 6 validation images", message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("run")));

        // A file that doesn't say what it has learned from is judged by its card.
        SwanModelFile.Read(teacher).WithLearnedImages(null).Save(teacher);
        message = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(options, _data, _folder.File("run"))).Message;
        Assert.Contains("all.swan' was trained with --train-on-validation", message, StringComparison.Ordinal);

        Assert.Equal(StopReason.MaxEpochs, TinyRun.Train(options with { TrainOnValidation = true }, _data, _folder.File("run")).End);
    }

    [Fact]
    public void A_teacher_whose_card_has_the_earlier_name_of_the_option_is_refused()
    {
        SwanModelFile file = SwanModelFile.Read(Teacher("one", seed: 1));
        var training = new Dictionary<string, string>(file.Card.Training) { ["learnValidation"] = "true" };
        Assert.True(training.Remove("trainOnValidation"));
        string teacher = _folder.File("earlier.swan");
        SwanModelFile.Write(
            teacher, file.Card with { Training = training }, file.ImageOnnx.ToArray(), file.TextOnnx.ToArray(), file.Vocabulary.ToArray());

        SwanTrainerOptions options = Taught with { Teachers = [teacher] };
        string message = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(options, _data, _folder.File("run"))).Message;
        Assert.Contains("earlier.swan' was trained with --train-on-validation", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalized_teacher_and_a_file_that_is_no_model_are_refused()
    {
        string teacher = Teacher("one", seed: 1), normalized = _folder.File("normalized.swan");
        QuerybankNormalization.Apply(SwanModelFile.Read(teacher), _data.Train, cancellationToken: TestContext.Current.CancellationToken)
            .Save(normalized);
        SwanTrainerOptions options = Taught with { Teachers = [normalized] };
        Assert.Contains("normalized.swan' is normalized",
            Assert.Throws<SwanMismatchException>(() => TinyRun.Train(options, _data, _folder.File("run"))).Message,
            StringComparison.Ordinal);

        File.WriteAllText(normalized, "no model");
        Assert.Contains("normalized.swan",
            Assert.Throws<SwanFormatException>(() => TinyRun.Train(options, _data, _folder.File("run"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_of_another_seed_is_refused_and_one_that_does_not_say_is_suspected()
    {
        CaptionedImageSet folder = CaptionedImageSet.Open(TinyData.Write(_folder.File("one-file"), validation: 0)).Train;
        string teacher = _folder.File("one.swan");
        List<string> said = [];
        SwanRun Train(SwanTrainerOptions options, string run) => new SwanTrainer(options with { Epochs = 1 })
            .Train(folder, null, _folder.File(run), progress: new TinyRun.Callback(p => said.Add(p.Message ?? "")),
                cancellationToken: TestContext.Current.CancellationToken).Run;

        SwanExporter.Export(Train(TinyRun.Options with { Seed = 1 }, "one.run"), teacher);
        SwanTrainerOptions taught = Taught with { Teachers = [teacher] };
        Train(taught with { Seed = 1 }, "same");
        Assert.DoesNotContain(said, m => m.Contains("too high", StringComparison.Ordinal));
        Assert.Contains("validation images (", Assert.Throws<SwanMismatchException>(() => Train(taught with { Seed = 2 }, "other")).Message,
            StringComparison.Ordinal);

        SwanModelFile.Read(teacher).WithLearnedImages(null).Save(teacher);
        Train(taught with { Seed = 2 }, "unknown");
        Assert.Contains(said,
            m => m.Contains("drawn by seed 2", StringComparison.Ordinal) && m.Contains("trained with seed 1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_teacher_that_other_images_were_held_back_from_is_suspected()
    {
        SwanModelFile file = SwanModelFile.Read(Teacher("one", seed: 0));
        var training = new Dictionary<string, string>(file.Card.Training) { ["stratifiedSplit"] = "true", ["validationShare"] = "0.3" };
        Assert.True(training.Remove("validateBy"));
        string teacher = _folder.File("earlier.swan");
        SwanModelFile.Write(
            teacher, file.Card with { Training = training }, file.ImageOnnx.ToArray(), file.TextOnnx.ToArray(), file.Vocabulary.ToArray());
        List<string> said = [];

        TeacherCards.Check(Taught with { Teachers = [teacher] }, validated: true, splitBySeed: true, said.Add);

        Assert.Contains("drawn by validateBy scene, validationShare 0.2, but the teacher", Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("trained with validateBy earlier_scene, validationShare 0.3.", said[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_goes_on_names_the_teacher_that_is_gone()
    {
        string teacher = Teacher("one", seed: 1), run = _folder.File("run");
        SwanTrainerOptions options = Taught with { Teachers = [teacher] };
        TinyRun.TrainSteps(1, options, _data, run);
        File.Delete(teacher);
        Assert.Contains($"Teachers: there is no file '{teacher}'",
            Assert.Throws<SwanOptionsException>(() => TinyRun.Train(options, _data, run, resume: true)).Message, StringComparison.Ordinal);
    }

    private string Teacher(string name, int seed, int width = 16)
    {
        SwanTrainerOptions options = TinyRun.Options with
        {
            Epochs = 1,
            Seed = seed,
            Network = TinyRun.Options.Network with { EmbeddingSize = width },
        };
        TrainingResult result = TinyRun.Train(options, _data, _folder.File($"{name}.run"));
        string path = _folder.File($"{name}.swan");
        SwanExporter.Export(result.Run, path);
        return path;
    }
}
