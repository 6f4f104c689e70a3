using SceneSearch.Web.Caching;
using SceneSearch.Web.Endpoints;
using SceneSearch.Web.Galleries;
using SceneSearch.Web.Maps;
using SceneSearch.Web.Observing;
using Swan.MLNet;
using Swan.MLNet.Models;

namespace SceneSearch.Web;

/// <summary>Puts the program together: model, index, pictures, endpoints.</summary>
internal static partial class Server
{
    private const string SceneList = "scenes.json", Manifest = "manifest.json";
    private const long PictureBytes = 1L << 30;

    /// <summary>Opens the model and the index, and makes the server, which owns both.</summary>
    /// <param name="options">With an index.</param>
    /// <exception cref="SwanException">They can't be opened, or don't belong together.</exception>
    /// <exception cref="IOException">They are not there.</exception>
    public static async Task<WebApplication> BuildAsync(ServerOptions options)
    {
        SwanModel model = options.Model is null ? SwanModel.OpenDefault() : SwanModel.Open(options.Model);
        IGallery? gallery = null;
        try
        {
            gallery = OpenGallery(options, model);
            RequireModel(gallery, model);
            return Build(options, model, gallery);
        }
        catch
        {
            if (gallery is not null) await gallery.DisposeAsync();
            model.Dispose();
            throw;
        }
    }

    private static IGallery OpenGallery(ServerOptions options, SwanModel model)
    {
        string folder = options.Index!;
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder '{folder}'; expected that of an index.");
        bool isOfScenes = File.Exists(Path.Combine(folder, SceneList));
        if (!isOfScenes && !File.Exists(Path.Combine(folder, Manifest)))
        {
            throw new FileNotFoundException($"There is no index in '{folder}': it has neither {SceneList} nor {Manifest}. "
                + "Create one with 'swan scene index SCENES --out INDEX', or with 'swan index build --images DIR --out INDEX'.");
        }
        if (isOfScenes && options.Images is not null)
        {
            throw new SwanOptionsException(
                $"--images requires an index of images, but '{folder}' is an index of scenes, which has their paths.");
        }
        return isOfScenes ? new SceneGallery(folder, model, new PictureFolder(options.Cache, PictureBytes))
            : new ImageGallery(folder, options.Images, model);
    }

    private static void RequireModel(IGallery gallery, SwanModel model)
    {
        if (gallery.Model is not { } own || own == model.Card.Identity) return;
        throw new SwanMismatchException($"The index '{gallery.Folder}' is from the model {own}, not from {model.Card.Identity}: give its "
            + "file with --model FILE.");
    }

    private static WebApplication Build(ServerOptions options, SwanModel model, IGallery gallery)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(Server).Assembly.GetName().Name,
        });
        builder.WebHost.UseUrls((options.Urls ?? ServerOptions.DefaultUrl).Split(';'));
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // By default the server is this machine's alone, also for pages of others whose name was pointed at it.
        if (options.Urls is null) builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        // Factories, so that the container closes what it hands out; opened already, so that what is wrong with them is said at the start.
        builder.Services.AddSingleton(_ => model).AddSingleton(_ => gallery).AddSingleton<TextEmbeddings>().AddSingleton<WindowPictures>();
        builder.Services.AddSingleton(_ => new Metrics()).AddSingleton<WarmUp>().AddHostedService(s => s.GetRequiredService<WarmUp>());
        if (gallery is SceneGallery scenes) builder.Services.AddSingleton(new TileRenderer(scenes.Pictures));
        builder.Services.AddProblemDetails().AddExceptionHandler<FaultHandler>();
        builder.Services.AddResponseCompression();
        OperationEndpoints.Add(builder.Services);

        WebApplication app = builder.Build();
        // They listen and are owned from now on, whether somebody asks for them or not.
        _ = (app.Services.GetRequiredService<Metrics>(), app.Services.GetRequiredService<SwanModel>(),
            app.Services.GetRequiredService<IGallery>());
        if (gallery.Warning is { } warning) LogWarning(app.Logger, warning);
        app.UseSecurityHeaders().UseExceptionHandler().UseStatusCodePages().UseResponseCompression();
        app.UseDefaultFiles().UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        app.UseRouting();
        IndexEndpoints.Map(app);
        SearchEndpoints.Map(app);
        PictureEndpoints.Map(app, hasMaps: gallery.Maps is not null);
        OperationEndpoints.Map(app);
        return app;
    }

    [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger log, string warning);
}
