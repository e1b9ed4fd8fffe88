/** Slack's short codes, for the ones that apps use; an unknown code stays as it was typed. */
const shortcodes =
  "white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ warning ⚠️ " +
  "no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 rotating_light 🚨 bangbang ‼️ exclamation ❗ question ❓ grey_question ❔ " +
  "information_source ℹ️ hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ clock1 🕐 timer_clock ⏲️ " +
  "arrows_counterclockwise 🔄 repeat 🔁 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ left_right_arrow ↔️ " +
  "leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ rewind ⏪ fast_forward ⏩ double_vertical_bar ⏸️ " +
  "black_square_for_stop ⏹️ arrow_forward ▶️ new 🆕 ok 🆗 up 🆙 cool 🆒 free 🆓 sos 🆘 " +
  "rocket 🚀 tada 🎉 confetti_ball 🎊 sparkles ✨ star ⭐ star2 🌟 zap ⚡ fire 🔥 boom 💥 dizzy 💫 trophy 🏆 medal 🏅 " +
  "gift 🎁 balloon 🎈 dart 🎯 crystal_ball 🔮 magic_wand 🪄 seedling 🌱 herb 🌿 rainbow 🌈 sunny ☀️ cloud ☁️ snowflake ❄️ " +
  "wave 👋 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 clap 👏 raised_hands 🙌 pray 🙏 muscle 💪 point_right 👉 " +
  "point_left 👈 point_up ☝️ point_down 👇 raised_hand ✋ handshake 🤝 writing_hand ✍️ eyes 👀 brain 🧠 " +
  "smile 😄 smiley 😃 grin 😁 joy 😂 slightly_smiling_face 🙂 wink 😉 blush 😊 sunglasses 😎 thinking_face 🤔 " +
  "neutral_face 😐 confused 😕 disappointed 😞 cry 😢 sob 😭 scream 😱 sweat_smile 😅 see_no_evil 🙈 shrug 🤷 heart ❤️ " +
  "broken_heart 💔 blue_heart 💙 green_heart 💚 yellow_heart 💛 purple_heart 💜 100 💯 speech_balloon 💬 thought_balloon 💭 " +
  "bulb 💡 memo 📝 pencil 📝 pencil2 ✏️ page_facing_up 📄 page_with_curl 📃 clipboard 📋 bookmark 🔖 bookmark_tabs 📑 " +
  "books 📚 book 📖 notebook 📓 newspaper 📰 label 🏷️ paperclip 📎 link 🔗 pushpin 📌 round_pushpin 📍 scissors ✂️ " +
  "card_index 📇 card_index_dividers 🗂️ file_folder 📁 open_file_folder 📂 file_cabinet 🗄️ wastebasket 🗑️ " +
  "calendar 📅 date 📅 spiral_calendar_pad 🗓️ chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 " +
  "package 📦 inbox_tray 📥 outbox_tray 📤 incoming_envelope 📨 email 📧 envelope ✉️ mailbox 📫 postbox 📮 " +
  "lock 🔒 unlock 🔓 key 🔑 closed_lock_with_key 🔐 shield 🛡️ mag 🔍 mag_right 🔎 gear ⚙️ wrench 🔧 hammer 🔨 " +
  "hammer_and_wrench 🛠️ nut_and_bolt 🔩 toolbox 🧰 test_tube 🧪 microscope 🔬 satellite 📡 computer 💻 keyboard ⌨️ " +
  "desktop_computer 🖥️ floppy_disk 💾 cd 💿 electric_plug 🔌 battery 🔋 robot_face 🤖 alien 👽 ghost 👻 bug 🐛 beetle 🐞 " +
  "snail 🐌 turtle 🐢 crab 🦀 snake 🐍 whale 🐳 octopus 🐙 cat 🐱 dog 🐶 unicorn_face 🦄 construction 🚧 " +
  "traffic_light 🚦 checkered_flag 🏁 triangular_flag_on_post 🚩 white_circle ⚪ black_circle ⚫ red_circle 🔴 " +
  "large_blue_circle 🔵 large_green_circle 🟢 large_yellow_circle 🟡 large_orange_circle 🟠 large_purple_circle 🟣 " +
  "white_large_square ⬜ black_large_square ⬛ large_green_square 🟩 large_red_square 🟥 large_blue_square 🟦 " +
  "large_yellow_square 🟨 heavy_plus_sign ➕ heavy_minus_sign ➖ heavy_multiplication_x ✖️ infinity ♾️ recycle ♻️ " +
  "bust_in_silhouette 👤 busts_in_silhouette 👥 necktie 👔 mortar_board 🎓 briefcase 💼 office 🏢 house 🏠 " +
  "globe_with_meridians 🌐 earth_africa 🌍 world_map 🗺️ compass 🧭 airplane ✈️ ship 🚢 anchor ⚓ bell 🔔 no_bell 🔕 " +
  "loudspeaker 📢 mega 📣 microphone 🎤 headphones 🎧 art 🎨 camera 📷 movie_camera 🎥 jigsaw 🧩 game_die 🎲 " +
  "coffee ☕ pizza 🍕 cookie 🍪 birthday 🎂 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣";

const words = shortcodes.split(" ");
const emojiByName = new Map<string, string>();
for (let index = 0; index + 1 < words.length; index += 2) {
  const [name, character] = [words[index], words[index + 1]];
  if (name !== undefined && character !== undefined) emojiByName.set(name, character);
}

export const emojiOf = (name: string): string | null => emojiByName.get(name) ?? null;
